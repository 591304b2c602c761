import { hash } from 'node:crypto';
import type { Instant } from '../../shared/kernel/instant.ts';
import { holdingAt, type ChangeValue, type Dated } from '../../shared/ledger/change.ts';
import type { ImportRow } from '../transfer/import-row.ts';
import { slugOf } from '../transfer/feature-slug.ts';
import type { Workspace } from './workspace.ts';

/** A member, team or feature that the file names and the workspace does not know yet. */
export interface NewName {
  readonly kind: 'member' | 'team' | 'feature';
  readonly id: string;
  readonly name: string;
  /** The earliest use that names it: it is known from then on. */
  readonly since: Instant;
  /** For a member: the team of the latest use that names one. */
  readonly teamId: string | null;
}

/**
 * Finds whom and what the rows of a file mean: by id, by name, or by a name that it had before, whatever the case.
 * What is not found becomes new, with an id made of its name. [C5]
 */
export class ImportNames {
  readonly #workspace: Workspace;
  readonly #idsByName: Readonly<Record<NewName['kind'], Map<string, string>>>;
  readonly #added = new Map<string, Added>();

  constructor(workspace: Workspace) {
    const { index } = workspace;
    this.#workspace = workspace;
    this.#idsByName = {
      member: idsByName(
        index.members,
        ({ member }) => member.name,
        () => true,
      ),
      team: idsByName(
        index.teams,
        ({ name }) => name,
        ({ deleted }) => !deleted,
      ),
      feature: idsByName(
        index.features,
        ({ name }) => name,
        () => true,
      ),
    };
    for (const { id, name } of workspace.catalogue.versions.flatMap((version) => version.features)) {
      this.#idsByName.feature.set(plain(name), id);
      this.#idsByName.feature.set(plain(id), id);
    }
  }

  /** The id that a name stands for, if it is known or was added before. */
  find(kind: NewName['kind'], name: string): string | undefined {
    return this.#idsByName[kind].get(plain(name));
  }

  /** The feature of a row: one that is known, or the id that it would get. */
  featureOf(row: ImportRow): string {
    return this.find('feature', row.featureName) ?? row.featureId;
  }

  /** The variant of a row as the catalogue names it: by its id or its name. */
  variantOf(row: ImportRow, featureId: string): string | null {
    if (row.variant === null) return null;
    for (const version of this.#workspace.catalogue.versions.toReversed()) {
      const rates = version.features.find((feature) => feature.id === featureId)?.rates ?? [];
      const rate = rates.find(
        ({ variant, variantName }) => variant === row.variant || slugOf(variantName ?? '') === row.variant,
      );
      if (rate?.variant !== undefined) return rate.variant;
    }
    return row.variant;
  }

  /** The id of a member or team that takes part in a row which is booked; makes it when it is new. */
  use(kind: 'member' | 'team', name: string, at: Instant): string {
    const id = this.find(kind, name) ?? this.#freeId(kind, name);
    this.#note(kind, { id, name, at });
    return id;
  }

  /** The same for a feature, whose id `featureOf` has answered. */
  useFeature(id: string, name: string, at: Instant): void {
    this.#note('feature', { id, name, at });
  }

  /** The team that a member was in; null for a member of no team, and for a new one. [L4] */
  teamOfMember(memberId: string | null, at: Instant): string | null {
    if (memberId === null) return null;
    return holdingAt(this.#workspace.index.members.get(memberId), at)?.member.teamId ?? null;
  }

  /** Tells which team a member was in, for a member who is new. */
  noteTeam(memberId: string, teamId: string, at: Instant): void {
    const added = this.#added.get(`member/${memberId}`);
    if (!added || at < added.teamAt) return;
    added.teamId = teamId;
    added.teamAt = at;
  }

  added(): readonly NewName[] {
    return [...this.#added.values()].map(({ kind, id, name, since, teamId }) => ({ kind, id, name, since, teamId }));
  }

  #note(
    kind: NewName['kind'],
    { id, name, at }: { readonly id: string; readonly name: string; readonly at: Instant },
  ): void {
    const key = `${kind}/${id}`;
    const added = this.#added.get(key);
    if (added) {
      if (at < added.since) added.since = at;
      return;
    }
    if (this.#isKnown(kind, id)) return;
    this.#idsByName[kind].set(plain(name), id);
    this.#added.set(key, { kind, id, name, since: at, teamId: null, teamAt: -Infinity });
  }

  /** Two people whose names differ in signs only, such as `a.b` and `a_b`, must not become one. */
  #freeId(kind: 'member' | 'team', name: string): string {
    const slug = slugOf(name);
    if (!this.#isKnown(kind, slug) && !this.#added.has(`${kind}/${slug}`)) return slug;
    return `${Array.from(slug).slice(0, 40).join('')}-${hash('sha256', plain(name), 'hex').slice(0, 8)}`;
  }

  #isKnown(kind: NewName['kind'], id: string): boolean {
    const { index, catalogue } = this.#workspace;
    switch (kind) {
      case 'member':
        return index.members.has(id);
      case 'team':
        return index.teams.has(id);
      case 'feature':
        return (
          index.features.has(id) ||
          catalogue.versions.some((version) => version.features.some((feature) => feature.id === id))
        );
    }
  }
}

interface Added {
  readonly kind: NewName['kind'];
  readonly id: string;
  readonly name: string;
  since: Instant;
  teamId: string | null;
  teamAt: number;
}

function idsByName<Value extends ChangeValue>(
  subjects: ReadonlyMap<string, readonly Dated<Value>[]>,
  nameOf: (value: Value) => string,
  isPresent: (value: Value) => boolean,
): Map<string, string> {
  const ids = new Map<string, string>();
  // The later one wins: a present name over an id that happens to read the same, and both over a former name.
  for (const [id, dated] of subjects) for (const { value } of dated) ids.set(plain(nameOf(value)), id);
  for (const id of subjects.keys()) ids.set(plain(id), id);
  for (const [id, dated] of subjects) {
    const last = dated.at(-1)?.value;
    if (last && isPresent(last)) ids.set(plain(nameOf(last)), id);
  }
  return ids;
}

function plain(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
