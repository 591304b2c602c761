import { problem } from './problems.ts';
const missing = () => problem('unavailable', 'The sample is being built.', { todo: 'Wait.' });
export async function createSample(..._given: readonly unknown[]): Promise<{ readonly workspaceId: string }> { throw missing(); }
export async function removeSample(..._given: readonly unknown[]): Promise<{ readonly removed: boolean }> { throw missing(); }
