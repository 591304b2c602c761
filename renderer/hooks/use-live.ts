import { hashKey, skipToken, useQuery, useQueryClient, type QueryClient, type QueryKey } from '@tanstack/react-query';
import { useCallback, useDeferredValue, useEffect, useRef, useState } from 'react';
import { isProblem } from '../ui/problem.ts';
import { openLiveSubscription } from './live-subscription.ts';

/**
 * A live view as a screen uses it. `data` stays while the connection is lost, and goes when the replica answers with a
 * problem; `pending` until the first answer.
 */
export interface Live<Value> {
  readonly data: Value | undefined;
  readonly error: unknown;
  readonly pending: boolean;
  /** Asks again now. */
  readonly retry: () => void;
}

type Subscribe<Value> = (signal: AbortSignal) => Promise<AsyncIterable<Value>>;

/**
 * Subscribes to a live procedure of the bridge while the component is mounted, and keeps its newest value in the query
 * cache under `key`, so that a screen that comes back draws at once. Components that use the same key at the same time
 * share one subscription.
 */
export function useLive<Value>(key: QueryKey, subscribe: Subscribe<Value>): Live<Value> {
  const client = useQueryClient();
  const hash = hashKey(key);
  const [error, setError] = useState<unknown>(null);
  const latest = useRef({ key, subscribe });
  useEffect(() => {
    latest.current = { key, subscribe };
  });

  // Never asks by itself: what it holds is put there by the subscription.
  const { data: newest } = useQuery<Value>({ queryKey: key, queryFn: skipToken, staleTime: Infinity });
  // A new view of everything is drawn in steps that give way to the person.
  const data = useDeferredValue(newest);

  useEffect(() => {
    setError(null);
    return join<Value>(client, hash, latest.current, setError);
  }, [client, hash]);

  const retry = useCallback(() => {
    setError(null);
    subscriptionsOf(client).get(hash)?.restart();
  }, [client, hash]);
  return { data, error: data === undefined ? error : null, pending: data === undefined && error === null, retry };
}

interface SharedSubscription {
  readonly listeners: Set<(error: unknown) => void>;
  readonly restart: () => void;
  readonly stop: () => void;
}

const subscriptionsByClient = new WeakMap<QueryClient, Map<string, SharedSubscription>>();

function subscriptionsOf(client: QueryClient): Map<string, SharedSubscription> {
  const known = subscriptionsByClient.get(client);
  if (known !== undefined) return known;
  const made = new Map<string, SharedSubscription>();
  subscriptionsByClient.set(client, made);
  return made;
}

/** Adds a listener to the subscription of `hash`, which the first one opens and the last one to leave ends. */
function join<Value>(
  client: QueryClient,
  hash: string,
  { key, subscribe }: { readonly key: QueryKey; readonly subscribe: Subscribe<Value> },
  listener: (error: unknown) => void,
): () => void {
  const subscriptions = subscriptionsOf(client);
  const shared = subscriptions.get(hash) ?? open(client, key, subscribe);
  subscriptions.set(hash, shared);
  shared.listeners.add(listener);
  return () => {
    shared.listeners.delete(listener);
    if (shared.listeners.size > 0) return;
    shared.stop();
    subscriptions.delete(hash);
  };
}

function open<Value>(client: QueryClient, key: QueryKey, subscribe: Subscribe<Value>): SharedSubscription {
  const listeners = new Set<(error: unknown) => void>();
  const tell = (error: unknown) => {
    for (const listener of listeners) listener(error);
  };
  const start = () =>
    openLiveSubscription<Value>({
      subscribe,
      onValue: (value) => {
        client.setQueryData(key, value);
        tell(null);
      },
      onError: (error) => {
        // What the replica refuses to show, such as a workspace that was removed, is not shown from memory either.
        if (isProblem(error)) void client.resetQueries({ queryKey: key, exact: true });
        tell(error);
      },
      onNextFrame: nextFrame,
      wait: pause,
    });
  let stop = start();
  return {
    listeners,
    restart() {
      stop();
      stop = start();
    },
    stop: () => stop(),
  };
}

/** A window that is hidden draws no frames; its values go on all the same. */
function nextFrame(task: () => void): () => void {
  if (document.visibilityState === 'hidden') {
    const timer = setTimeout(task, 100);
    return () => clearTimeout(timer);
  }
  const frame = requestAnimationFrame(task);
  return () => cancelAnimationFrame(frame);
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
