// A page that shows what its connection does: its state, an answer, and the newest value of a live view.
import { createORPCClient } from '@orpc/client';
import type { RouterClient } from '@orpc/server';
import { transport } from '../../../renderer/app/transport.ts';
import type { TestRouter } from '../test-router.ts';

const client: RouterClient<TestRouter> = createORPCClient(transport.link);

function show(id: string, text: string): void {
  const element = document.getElementById(id);
  if (element !== null) element.textContent = text;
}

/** Asks for the live view again whenever it ends, as the app's pages do. */
async function showTicks(): Promise<never> {
  for (;;) {
    try {
      for await (const tick of await client.tick()) show('tick', String(tick));
    } catch {
      show('tick', 'broken');
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const showState = (): void => {
  show('state', transport.state());
  // A tag that the policy lets in only under the nonce of this page.
  const style = document.createElement('style');
  style.nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
  style.textContent = '#state { color: rgb(1, 2, 3); }';
  document.head.append(style);
};

showState();
transport.onStateChange(() => {
  showState();
  if (transport.state() === 'connected') void client.whichProcess().then((id) => show('process', String(id)));
});
void showTicks();
void client.echo('Überblick').then((answer) => show('echo', answer));
