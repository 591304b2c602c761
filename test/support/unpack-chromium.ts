// Runs in a process of its own: unpacks the browser of the npm package into this process's temporary directory.
import chromium from '@sparticuz/chromium';

await chromium.executablePath();
