// The switches inside Electron's program: what a packaged app can no longer be talked into.
import { flipFuses, FuseState, FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses';

/** Every switch that this Electron has. One that a later Electron adds stops the packaging until it is decided here. */
const FUSES = {
  // Nothing outside may have the app run another program, or look into it.
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  // Pages come from the app's own scheme; a page from a file gets no more than it would in a browser.
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  // One snapshot serves all processes; there is no other in the package.
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  // Only the archive that was packed is run, and only as long as nobody changed it.
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  // Electron's own choice: memory of WebAssembly is guarded by the processor.
  [FuseV1Options.WasmTrapHandlers]: true,
} as const satisfies Readonly<Record<FuseV1Options, boolean>>;

/** Name of the switch to its state, as it stands in a program. */
export type FuseStates = Readonly<Record<string, 'on' | 'off' | 'removed' | 'unknown'>>;

/**
 * Sets all switches of a program (on macOS: of a bundle) and reads them back. Rejects when one is not known here or
 * does not read as it was set. With `signsAgain` the bundle gets a signature of nobody in particular, without which
 * macOS on Apple's own processors starts no changed program.
 */
export async function setFuses(program: string, { signsAgain }: { readonly signsAgain: boolean }): Promise<void> {
  await flipFuses(program, {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    resetAdHocDarwinSignature: signsAgain,
    ...FUSES,
  });
  const states = await readFuses(program);
  const wrong = Object.entries(wantedStates()).filter(([name, state]) => states[name] !== state);
  if (wrong.length > 0) {
    const list = wrong.map(([name, state]) => `${name} is ${states[name] ?? 'missing'} and not ${state}`).join(', ');
    throw new Error(`The fuses of ${program} are not as they were set: ${list}.`);
  }
}

export async function readFuses(program: string): Promise<FuseStates> {
  const { version: _version, ...wire } = await getCurrentFuseWire(program);
  return Object.fromEntries(
    Object.entries(wire).map(([index, state]) => [fuseName(index), STATES.get(state) ?? 'unknown']),
  );
}

function wantedStates(): FuseStates {
  return Object.fromEntries(Object.entries(FUSES).map(([index, on]) => [fuseName(index), on ? 'on' : 'off']));
}

function fuseName(index: string): string {
  return FuseV1Options[Number(index)] ?? `fuse ${index}`;
}

const STATES: ReadonlyMap<unknown, FuseStates[string]> = new Map([
  [FuseState.ENABLE, 'on'],
  [FuseState.DISABLE, 'off'],
  [FuseState.REMOVED, 'removed'],
]);
