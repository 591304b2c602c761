import type { SubscriptionView } from '../../../shared/bridge/views.ts';
import { AddOnDialog } from './add-ons.tsx';
import { CapDialog, LiftCapDialog } from './cap-dialogs.tsx';
import type { Dialog, OpenDialog } from './dialog.ts';
import { AddGrantDialog, VoidGrantDialog } from './grant-dialogs.tsx';
import { CloseOrderDialog, ConfirmOrderDialog } from './order-confirmation.tsx';
import { OrderDialog } from './order-dialog.tsx';
import { AllotmentDialog, EndPlanDialog, PlanDialog } from './plan-dialogs.tsx';
import { ReadingDialog } from './reading-dialog.tsx';
import { SeatsDialog } from './seats-dialog.tsx';

interface SubscriptionDialogsProps {
  readonly dialog: Dialog;
  readonly view: SubscriptionView;
  readonly onClose: () => void;
  readonly onOpen: OpenDialog;
}

/** The one dialog that is open. */
export function SubscriptionDialogs({ dialog, view, onClose, onOpen }: SubscriptionDialogsProps) {
  switch (dialog.kind) {
    case 'order':
      return <OrderDialog view={view} packId={dialog.packId} onClose={onClose} onOpen={onOpen} />;
    case 'add-on':
      return <AddOnDialog view={view} addOn={dialog.addOn} onClose={onClose} />;
    case 'confirm-order':
      return <ConfirmOrderDialog view={view} order={dialog.order} onClose={onClose} />;
    case 'close-order':
      return <CloseOrderDialog order={dialog.order} onClose={onClose} />;
    case 'plan':
      return <PlanDialog view={view} onClose={onClose} />;
    case 'end':
      return <EndPlanDialog onClose={onClose} />;
    case 'seats':
      return <SeatsDialog view={view} onClose={onClose} />;
    case 'allotment':
      return <AllotmentDialog view={view} onClose={onClose} />;
    case 'grant':
      return <AddGrantDialog onClose={onClose} />;
    case 'void-grant':
      return <VoidGrantDialog view={view} grant={dialog.grant} onClose={onClose} />;
    case 'cap':
      return <CapDialog onClose={onClose} />;
    case 'lift-cap':
      return <LiftCapDialog cap={dialog.cap} onClose={onClose} />;
    case 'reading':
      return <ReadingDialog onClose={onClose} />;
  }
}
