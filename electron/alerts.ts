// Alerts as notifications of the desktop. Which ones, and that each comes once, is decided where the data is.
import type { Notification, NotificationConstructorOptions } from 'electron';
import type { AppPlace } from './deep-link.ts';
import type { DeskAlert } from './replica-messages.ts';
import { strings } from './strings.ts';

export interface AlertsOptions {
  readonly isSupported: () => boolean;
  readonly create: (options: NotificationConstructorOptions) => Pick<Notification, 'on' | 'show'>;
  /** Whether the person wants them now. */
  readonly isOn: () => boolean;
  readonly onClick: (place: AppPlace) => void;
}

/** More at once from one workspace are told in one. */
const AT_ONCE_MAX = 3;

/** A function that shows what comes; what is not wanted now stays in the bell of the app. */
export function alertNotifications(options: AlertsOptions): (alerts: readonly DeskAlert[]) => void {
  // What nothing refers to may be collected, and takes its click with it.
  const shown = new Set<Pick<Notification, 'on' | 'show'>>();
  const show = (title: string, body: string, place: AppPlace): void => {
    const notification = options.create({ title, body });
    shown.add(notification);
    notification.on('click', () => options.onClick(place));
    notification.on('close', () => shown.delete(notification));
    notification.on('failed', () => shown.delete(notification));
    notification.show();
  };
  return (alerts) => {
    if (!options.isOn() || !options.isSupported()) return;
    for (const [workspaceId, ofOne] of Map.groupBy(alerts, (alert) => alert.workspaceId)) {
      const [first] = ofOne;
      if (first !== undefined && ofOne.length > AT_ONCE_MAX) {
        show(
          strings.alerts.several(ofOne.length, first.workspaceName),
          strings.alerts.inTheBell,
          `/w/${workspaceId}/alerts`,
        );
        continue;
      }
      for (const { headline, detail, workspaceName, place } of ofOne) {
        show(headline, `${workspaceName}: ${detail}`, `/w/${workspaceId}/${place}`);
      }
    }
  };
}
