// A process that restores a backup into a data directory and ends by its own SIGKILL before the named step.
import { restoreBackup } from '../../replica/backup/restore.ts';
import { instant } from '../../shared/kernel/instant.ts';

const [dataDir = '', file = '', lastStep = ''] = process.argv.slice(2);
const outcome = await restoreBackup({
  dataDir,
  file,
  at: instant(Date.parse('2026-11-21T08:00:00Z')),
  onStep: (step) => {
    if (step === lastStep) process.kill(process.pid, 'SIGKILL');
  },
});
process.stdout.write(outcome.ok ? 'restored' : outcome.error.message);
