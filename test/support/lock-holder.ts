// A process that tries to take the lock of the directory named on its command line, says how it went, and stays.
import { lockDataDirectory } from '../../replica/database/lock.ts';

const locked = lockDataDirectory(process.argv[2] ?? '');
console.log(locked.ok ? 'held' : locked.error.kind);
// Waiting for input keeps the process, and with it the lock, until somebody ends it.
process.stdin.resume();
