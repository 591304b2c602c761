import './app/csp-nonce.ts';
import '@mantine/core/styles.layer.css';
import '@mantine/dates/styles.layer.css';
import '@mantine/charts/styles.layer.css';
import '@mantine/dropzone/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './app/global.css';
import './app/contrast.css';
import { startLanguage } from './i18n/language.ts';

// Features say some of their words when they are loaded, so the language comes first.
void startLanguage({ de: async () => (await import('./app/german.ts')).german })
  .then(() => import('./app/start.tsx'))
  .then(({ start }) => start());
