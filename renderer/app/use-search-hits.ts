import { useDebouncedValue } from '@mantine/hooks';
import {
  IconBook2,
  IconCoins,
  IconPackage,
  IconSparkles,
  IconUser,
  IconUsersGroup,
  type Icon,
} from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { SearchHit } from '../../shared/bridge/search-views.ts';
import { formatCredits, formatDayOf } from '../ui/figures.tsx';
import { kindWords } from '../ui/ledger-words.ts';
import { bridge } from './bridge.ts';
import { strings } from './palette-strings.ts';
import type { Command } from './use-commands.tsx';

/** What a text is found in, as entries of the palette that lead there. */
export function useSearchHits(
  typed: string,
  workspaceId: string | null,
): { readonly commands: readonly Command[]; readonly searching: boolean; readonly failed: boolean } {
  const navigate = useNavigate();
  const [settled] = useDebouncedValue(typed.trim(), debounceMs);
  const enabled = settled.length >= textMin;
  const { data, isFetching, isError } = useQuery({
    queryKey: ['search', workspaceId, settled],
    queryFn: ({ signal }) =>
      bridge.search.find({ text: settled, ...(workspaceId === null ? {} : { workspaceId }) }, { signal }),
    enabled,
    placeholderData: keepPreviousData,
    // What is written down meanwhile is to be found.
    staleTime: 0,
    gcTime: 10_000,
  });
  const wanted = typed.trim().length >= textMin;
  if (!wanted) return { commands: [], searching: false, failed: false };
  const commands = (data?.hits ?? []).map((hit): Command => {
    const { workspaceId: id } = hit;
    const params = { workspaceId: id };
    const shown = { id: `${hit.kind}-${id}-${hit.id}`, ...wordsOf(hit) };
    const go = (run: () => void): Command => ({ ...shown, icon: icons[hit.kind], group: groupOf(hit), run });
    const toLedger = (search: { readonly text?: string; readonly kinds?: string; readonly member?: string }) =>
      go(() => void navigate({ to: '/w/$workspaceId/ledger', params, search }));
    switch (hit.kind) {
      case 'member':
        return toLedger({ member: hit.id });
      case 'team':
        return go(
          () =>
            void navigate({ to: '/w/$workspaceId/credits-usage/teams/$teamId', params: { ...params, teamId: hit.id } }),
        );
      case 'feature':
        return go(
          () => void navigate({ to: '/w/$workspaceId/credits-usage/features', params, search: { q: hit.name } }),
        );
      case 'pack':
        return go(
          () => void navigate({ to: '/w/$workspaceId/subscription', params, search: { do: 'order', pack: hit.id } }),
        );
      case 'grant':
        return toLedger({ kinds: 'grant', text: hit.id });
      case 'line':
        return toLedger({ text: hit.id });
    }
  });
  const further: readonly Command[] =
    data?.furtherBack === true && workspaceId !== null
      ? [
          {
            id: 'further-back',
            group: 'lines',
            label: strings.furtherBack({ text: settled }),
            icon: IconBook2,
            run: () =>
              void navigate({ to: '/w/$workspaceId/ledger', params: { workspaceId }, search: { text: settled } }),
          },
        ]
      : [];
  return { commands: [...commands, ...further], searching: isFetching || settled !== typed.trim(), failed: isError };
}

function groupOf({ kind }: SearchHit): Command['group'] {
  return kind === 'line' ? 'lines' : 'found';
}

function wordsOf(hit: SearchHit): { readonly label: string; readonly hint: string } {
  const where = hit.workspaceName;
  const text = strings.found;
  switch (hit.kind) {
    case 'member': {
      const { name, roleName: role, teamName: team } = hit;
      return {
        label: name,
        hint: team === null ? text.member({ role, where }) : text.memberOfTeam({ role, team, where }),
      };
    }
    case 'team':
      return { label: hit.name, hint: hit.deleted ? text.deletedTeam({ where }) : text.team({ where }) };
    case 'feature':
      return { label: hit.name, hint: text.feature({ platform: hit.platformName, where }) };
    case 'pack': {
      const { name, credits } = hit;
      return {
        label: name,
        hint: credits === null ? text.pack({ where }) : text.packOf({ credits: formatCredits(credits), where }),
      };
    }
    case 'grant': {
      const day = formatDayOf(hit.at, hit.timeZone);
      return {
        label: hit.name ?? kindWords.grant,
        hint: text.grant({ credits: formatCredits(hit.credits), day, where }),
      };
    }
    case 'line': {
      const { featureName, memberName: member, text: note } = hit;
      const kind = kindWords[hit.line];
      const told = { kind, credits: formatCredits(hit.credits), day: formatDayOf(hit.at, hit.timeZone), where };
      return {
        label: note ?? featureName ?? kind,
        hint: member === null ? text.line(told) : text.lineOf({ ...told, member }),
      };
    }
  }
}

const icons: Readonly<Record<SearchHit['kind'], Icon>> = {
  member: IconUser,
  team: IconUsersGroup,
  feature: IconSparkles,
  pack: IconPackage,
  grant: IconCoins,
  line: IconBook2,
};

const debounceMs = 150;
const textMin = 2;
