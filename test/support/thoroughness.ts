/** How many times as many random runs as usual: `npm run verify -- --thorough` asks for the long ones. */
export const thorough = process.env['THOROUGH'] === '1';
export const thoroughness = thorough ? 20 : 1;
