import type { TranslationOf } from '../i18n/messages.ts';
import type { english } from './verdict-strings.ts';

export const german = {
  waiting: 'Er ist auf diesem Computer und zählt hier; der Server hat ihn noch nicht.',
  late: 'Er erreichte den Server, nachdem sein Zeitraum abgeschlossen war. Er zählt in jenem Zeitraum.',
  overCap: 'Er zählt und übersteigt eine Obergrenze, die dieser Computer beim Erfassen nicht kannte.',
  overCapTodo:
    'Mit denen sprechen, die die Obergrenze festgelegt haben, oder den Eintrag korrigieren, falls er falsch ist.',
  overrun: 'Er zählt, und {{credits}} davon waren mehr, als der Pool noch hatte.',
  overrunTodo: 'Ein Paket kaufen oder Admins fragen; den Rest hat die Plattform vielleicht berechnet oder abgelehnt.',
  conflict: 'Ein anderer Eintrag war mit derselben Id zuerst auf dem Server: jener zählt, dieser nicht.',
  conflictTodo: 'Beide vergleichen. Ist auch dieses geschehen, als eigenen Eintrag neu erfassen.',
  refused: {
    malformed: 'Der Server konnte diesen Eintrag nicht lesen; er zählt nicht.',
    'too-large': 'Der Eintrag oder seine Zahl ist größer, als der Server annimmt; er zählt nicht.',
    'unknown-workspace': 'Der Eintrag gehört zu einem Workspace, den der Server nicht hat; er zählt nicht.',
    'unknown-pool': 'Der Server kennt keinen Pool, aus dem dieser Eintrag zahlen könnte; er zählt nicht.',
    'unknown-line': 'Der Eintrag folgt aus einem anderen, den der Server nicht hat; er zählt nicht.',
    'not-allowed': 'Das ist auf dem Server nicht erlaubt; der Eintrag zählt nicht.',
    'already-resolved':
      'Die Reservierung wurde schon abgebucht oder freigegeben, vielleicht auf einem anderen Computer; dies zählt nicht.',
    'not-priced': 'Der Server hat dafür keinen Preis oder einen anderen; der Eintrag zählt nicht.',
  },
  refusedTodo: {
    malformed: 'Fuelgauge und den Server aktualisieren, dann neu erfassen.',
    'too-large': 'In kleineren Teilen neu erfassen.',
    'unknown-workspace': 'Im richtigen Workspace neu erfassen.',
    'unknown-pool': 'Mitglied und Tarif prüfen, dann neu erfassen.',
    'unknown-line': 'Den ersten Eintrag in der Ansicht Sync suchen; beide neu erfassen.',
    'not-allowed': 'Firmen-Admins darum bitten, oder um das Recht dazu.',
    'already-resolved':
      'Die Reservierung im Journal ansehen; den Eintrag korrigieren, der sie erledigt hat, falls er falsch ist.',
    'not-priced': 'Synchronisieren, den Preis noch einmal ansehen, dann neu erfassen.',
  },
} satisfies TranslationOf<typeof english>;
