import type { TranslationOf } from '../i18n/messages.ts';
import type { english } from './strings.ts';

export const german = {
  wrongInput: {
    message: 'Im Formular muss etwas berichtigt werden.',
    kept: 'Nichts wurde geändert.',
    todo: 'Das Markierte berichtigen und erneut versuchen.',
  },
  connectionLost: {
    message: 'Die Verbindung zu den Daten wurde unterbrochen.',
    kept: 'Alles Bestätigte ist auf diesem Computer gespeichert.',
    todo: 'Fuelgauge verbindet sich von selbst wieder. Falls nicht: neu starten.',
  },
  unexpected: {
    message: 'Etwas ist schiefgegangen: {{message}}',
    kept: 'Alles zuvor Bestätigte ist gespeichert.',
    todo: 'Erneut versuchen. Wenn es wieder geschieht, Fuelgauge neu starten.',
  },
  line: 'Zeile {{line}}',
  column: 'Spalte „{{column}}“',
  moreIssues: 'und {{count}} weitere',
  tryAgain: 'Erneut versuchen',
  cancel: 'Abbrechen',
  close: 'Schließen',
  loading: 'Wird geladen …',
  reason: 'Begründung',
  reasonHint: 'Optional. Bleibt im Verlauf stehen.',
  nobodyFound: 'Niemand mit diesem Namen.',
  nothingFound: 'Nichts mit diesem Namen.',
  copyPath: 'Pfad kopieren',
  copied: 'Kopiert',
  whoAmI: {
    label: 'Wer arbeitet an diesem Computer?',
    hint: 'Was in diesem Workspace erfasst wird, wird auf diesen Namen gebucht.',
    nobody: 'Noch niemand',
  },
} satisfies TranslationOf<typeof english>;
