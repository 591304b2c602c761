/** What a worker that is going to be killed is asked to do. */
export type KillTask = { readonly dataDir: string; readonly workspaceId: string } & (
  | { readonly kind: 'appends' | 'rebuilds' | 'backups' | 'migration' | 'alerts' }
  | { readonly kind: 'import'; readonly rows: number }
  | { readonly kind: 'restore'; readonly file: string }
);

/** Lines of the bulks that are written between single uses. */
export const bulkLines = 60;
