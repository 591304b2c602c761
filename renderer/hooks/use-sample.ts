import { useMutation } from '@tanstack/react-query';
import type { SampleView } from '../../shared/bridge/views.ts';
import { bridge } from '../app/bridge.ts';
import { useLive, type Live } from './use-live.ts';

/** The made-up company, as far as it is there; live. */
export function useSample(): Live<SampleView> {
  return useLive(['sample'], (signal) => bridge.workspaces.sampleLive(undefined, { signal }));
}

/** Removes the sample with all of its workspaces, given one of them. */
export function useSampleRemoval(onRemoved: () => void) {
  return useMutation({
    mutationFn: (workspaceId: string) => bridge.workspaces.removeSample({ workspaceId }),
    onSuccess: onRemoved,
  });
}
