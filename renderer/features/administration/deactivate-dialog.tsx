import type { PersonView } from '../../../shared/bridge/sync-views.ts';
import { bridge } from '../../app/bridge.ts';
import { FormModal } from '../../ui/form-modal.tsx';
import { strings } from './strings.ts';

const text = strings.people;

interface DeactivateDialogProps {
  readonly serverId: string;
  readonly person: PersonView;
  readonly onClose: () => void;
}

/** Before somebody is let in no more. */
export function DeactivateDialog({ serverId, person, onClose }: DeactivateDialogProps) {
  return (
    <FormModal
      title={text.deactivateTitle({ name: person.name })}
      description={text.deactivateBody}
      submitLabel={text.deactivateSubmit}
      danger
      onClose={onClose}
      onSubmit={() => bridge.administration.people.change({ serverId, personId: person.id, active: false })}
    >
      {() => null}
    </FormModal>
  );
}
