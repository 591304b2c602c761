// `npm run build`: makes dist/ anew.
import { buildEverything } from './bundle.ts';
import { inputFingerprint, rememberBuilt } from './fingerprint.ts';

const fingerprint = inputFingerprint();
await buildEverything('info');
rememberBuilt(fingerprint);
