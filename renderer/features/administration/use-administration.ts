import { useQuery, useQueryClient } from '@tanstack/react-query';
import { bridge } from '../../app/bridge.ts';

/** What a company admin sees of a server. Each is asked for when it is shown, and again when something was changed here. */
export function usePeople(serverId: string) {
  return useQuery({
    ...asked(serverId, 'people'),
    queryFn: ({ signal }) => bridge.administration.people.list({ serverId }, { signal }),
  });
}

export function useInvites(serverId: string) {
  return useQuery({
    ...asked(serverId, 'invites'),
    queryFn: ({ signal }) => bridge.administration.invites.list({ serverId }, { signal }),
  });
}

export function useDevices(serverId: string) {
  return useQuery({
    ...asked(serverId, 'devices'),
    queryFn: ({ signal }) => bridge.administration.devices.list({ serverId }, { signal }),
  });
}

export function useServerWorkspaces(serverId: string) {
  return useQuery({
    ...asked(serverId, 'workspaces'),
    queryFn: ({ signal }) => bridge.administration.workspaces.list({ serverId }, { signal }),
  });
}

export function useWebhook(serverId: string) {
  return useQuery({
    ...asked(serverId, 'webhook'),
    queryFn: ({ signal }) => bridge.administration.webhook.get({ serverId }, { signal }),
  });
}

/** How people sign in at the server; null where they join by invites only. */
export function useSignInOffered(serverId: string) {
  return useQuery({
    ...asked(serverId, 'sign-in'),
    queryFn: ({ signal }) => bridge.administration.signIn({ serverId }, { signal }),
  });
}

/** Asks again for everything of the server that is shown. */
export function useAskAgain(serverId: string): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ['administration', serverId] });
}

function asked(serverId: string, what: 'people' | 'invites' | 'devices' | 'workspaces' | 'webhook' | 'sign-in') {
  // Others administer too, from elsewhere: an answer is for the moment at which it was given.
  return { queryKey: ['administration', serverId, what], staleTime: 0, retry: false } as const;
}
