/** Where a server answers what. `{…}` stands for one part of a path, encoded. */
export const routes = {
  about: '/v1/about',
  enrol: '/v1/enrol',
  signIn: '/v1/sign-in',
  signInAnswer: '/v1/sign-in/answer',
  tokens: '/v1/tokens',
  me: '/v1/me',
  publish: '/v1/workspaces',
  push: '/v1/workspaces/{workspaceId}/push',
  pull: '/v1/workspaces/{workspaceId}/pull',
  leases: '/v1/workspaces/{workspaceId}/leases',
  stream: '/v1/workspaces/{workspaceId}/stream',
  segment: '/v1/workspaces/{workspaceId}/segments/{segment}',
  people: '/v1/admin/people',
  person: '/v1/admin/people/{personId}',
  memberships: '/v1/admin/people/{personId}/memberships',
  invites: '/v1/admin/invites',
  withdrawInvite: '/v1/admin/invites/{inviteId}/withdraw',
  devices: '/v1/admin/devices',
  revokeDevice: '/v1/admin/devices/{deviceId}/revoke',
  workspaces: '/v1/admin/workspaces',
  webhook: '/v1/admin/webhook',
  removeWebhook: '/v1/admin/webhook/remove',
  tryWebhook: '/v1/admin/webhook/try',
} as const;

type PartsOf<Path extends string> = Path extends `${string}{${infer Part}}${infer Rest}` ? Part | PartsOf<Rest> : never;

/** The path of a route with its parts filled in. */
export function pathOf<Path extends string>(route: Path, parts: Readonly<Record<PartsOf<Path>, string>>): string {
  const given = new Map<string, string>(Object.entries(parts));
  return route.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(given.get(name) ?? ''));
}
