import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Catalogue } from '../../../shared/catalogue/catalogue.ts';
import { bridge } from '../../app/bridge.ts';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { FillInForm } from './fill-in-form.tsx';
import { PlatformForm } from './platform-form.tsx';
import { strings } from './platform-strings.ts';

/** Describes a platform of one's own, changes such a description, or fills in what a shipped platform leaves open. */
export function PlatformScreen() {
  const { platform } = useSearch({ from: '/setup/platform/new' });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const info = useQuery({ queryKey: ['app-info'], queryFn: () => bridge.app.info() });
  const catalogues = useQuery({ queryKey: ['catalogues'], queryFn: () => bridge.catalogues.list() });
  const saving = useMutation({
    mutationFn: (catalogue: Catalogue) => bridge.catalogues.save({ catalogue }),
    onSuccess: async (saved, catalogue) => {
      await queries.invalidateQueries({ queryKey: ['catalogues'] });
      notifications.show({ message: strings.saved({ name: catalogue.name }) });
      await navigate({ to: '/new', search: { platform: saved.platform } });
    },
  });

  const view = catalogues.data?.find(({ catalogue }) => catalogue.platform === platform);
  const filling = view !== undefined && view.origin !== 'custom';
  const name = view?.catalogue.name ?? '';
  const title =
    view === undefined ? strings.title : filling ? strings.fillTitle({ name }) : strings.editTitle({ name });
  const error = info.error ?? catalogues.error;
  const common = { pending: saving.isPending, error: saving.error, onSave: saving.mutate };
  return (
    <Page title={title} description={filling ? strings.fillDescription : strings.description} width="form">
      {info.data === undefined || catalogues.data === undefined ? (
        error === null ? (
          <Loading />
        ) : (
          <ProblemAlert error={error} />
        )
      ) : filling ? (
        <FillInForm {...common} catalogue={view.catalogue} today={info.data.today} />
      ) : (
        <PlatformForm
          {...common}
          today={info.data.today}
          previous={view?.catalogue}
          takenPlatforms={new Set(catalogues.data.map(({ catalogue }) => catalogue.platform))}
        />
      )}
    </Page>
  );
}
