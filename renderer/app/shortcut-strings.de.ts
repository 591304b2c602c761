import type { TranslationOf } from '../i18n/messages.ts';
import type { english } from './shortcut-strings.ts';

export const german = {
  title: 'Tastenkürzel',
  open: 'Tastenkürzel',
  or: 'oder',
  keys: {
    Ctrl: 'Strg',
    Alt: 'Alt',
    Shift: 'Umschalt',
    Enter: 'Eingabe',
    Space: 'Leertaste',
    Home: 'Pos1',
    End: 'Ende',
  },
  scopes: {
    everywhere: 'Überall',
    screens: 'Ansichten des Workspace',
    palette: 'In „Finden“',
    log: 'Beim Erfassen von Nutzung',
    ledger: 'In der Tabelle des Journals',
  },
  does: {
    palette: 'Ansicht, Befehl, Person oder Notiz finden',
    sheet: 'Diese Übersicht zeigen',
    home: 'Start: alle Workspaces',
    'palette-next': 'Nächster Eintrag',
    'palette-previous': 'Voriger Eintrag',
    'palette-choose': 'Hingehen oder ausführen',
    'log-hold': 'Die Credits reservieren, statt sie zu erfassen',
    'log-happened': 'Als schon geschehen eintragen',
    'line-next': 'Nächste Zeile',
    'line-previous': 'Vorige Zeile',
    'line-page-down': 'Eine Seite nach unten',
    'line-page-up': 'Eine Seite nach oben',
    'line-first': 'Erste Zeile',
    'line-last': 'Letzte Zeile',
    'line-open': 'Die Zeile öffnen',
  },
} satisfies TranslationOf<typeof english>;
