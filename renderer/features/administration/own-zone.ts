/** A server has no zone of its own: its moments are read in that of this computer. */
export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
