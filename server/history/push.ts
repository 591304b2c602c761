// What a device pushes, booked.
import { hash } from 'node:crypto';
import type { PushAnswer, ReceivedPush } from '../../shared/protocol/push.ts';
import { acceptPush } from '../../shared/sync-engine/accept-push.ts';
import { bookingOn, type BookingGiven } from './booking.ts';

export const sha256 = (text: string): string => hash('sha256', text);

/**
 * Answers a push; one that meets another epoch is told of it without its view, which depends on more than a push reads.
 * Whether a device brings back what others wrote is for its person's access to say; the review looks at each row.
 */
export async function acceptFrom(
  given: BookingGiven,
  pushed: { readonly request: ReceivedPush; readonly deviceId: string },
): Promise<{ readonly answer: PushAnswer; readonly forkedBy: readonly string[] }> {
  const { request, deviceId } = pushed;
  const { workspaceId } = given.workspace;
  const { role } = given.standing;
  const mayBringBack = role === 'company-admin' || role === 'team-lead';
  return acceptPush(bookingOn(given), {
    request,
    sender: { deviceId, workspaceId, view: '', mayBringBack },
    digest: sha256,
  });
}
