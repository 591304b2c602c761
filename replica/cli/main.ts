#!/usr/bin/env node
// Entry of the `fuelgauge` command.
import { runCommandLine } from './program.ts';

// A reader that has seen enough (`| head`) closes the pipe: that ends the command and is no failure of it.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
}

const exitCode = await runCommandLine(process.argv.slice(2), {
  environment: process.env,
  writeOut: (text) => write(process.stdout, text),
  writeError: (text) => write(process.stderr, text),
  watched: process.stderr.isTTY,
});
// A connection to the owner that is still closing must not keep the command from ending.
process.exit(exitCode);

function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    stream.write(text, () => resolve());
  });
}
