// All German messages in one file that is loaded only where German is spoken.
import { german as charts } from '../charts/strings.de.ts';
import { german as administration } from '../features/administration/strings.de.ts';
import { german as alertsAlert } from '../features/alerts/alert-strings.de.ts';
import { german as alerts } from '../features/alerts/strings.de.ts';
import { german as forecast } from '../features/forecast/strings.de.ts';
import { german as home } from '../features/home/strings.de.ts';
import { german as imports } from '../features/import/strings.de.ts';
import { german as ledger } from '../features/ledger/strings.de.ts';
import { german as logUsageDecision } from '../features/log-usage/decision-strings.de.ts';
import { german as logUsage } from '../features/log-usage/strings.de.ts';
import { german as members } from '../features/members/strings.de.ts';
import { german as onboardingPlatform } from '../features/onboarding/platform-strings.de.ts';
import { german as onboarding } from '../features/onboarding/strings.de.ts';
import { german as overview } from '../features/overview/strings.de.ts';
import { german as readings } from '../features/readings/strings.de.ts';
import { german as recovery } from '../features/recovery/strings.de.ts';
import { german as settingsCalendar } from '../features/settings/calendar-strings.de.ts';
import { german as settings } from '../features/settings/strings.de.ts';
import { german as subscription } from '../features/subscription/strings.de.ts';
import { german as sync } from '../features/sync/strings.de.ts';
import { german as usagePanel } from '../features/usage-panel/strings.de.ts';
import { german as whatIf } from '../features/what-if/strings.de.ts';
import { german as uiBackups } from '../ui/backups/strings.de.ts';
import { german as uiFigures } from '../ui/figures-strings.de.ts';
import { german as uiLedger } from '../ui/ledger-strings.de.ts';
import { german as uiMembersEntry } from '../ui/members-entry/strings.de.ts';
import { german as changePreview } from '../ui/change-preview-strings.de.ts';
import { german as uiOpenHolds } from '../ui/open-holds-strings.de.ts';
import { german as uiPlan } from '../ui/plan-strings.de.ts';
import { german as ui } from '../ui/strings.de.ts';
import { german as uiSync } from '../ui/sync-strings.de.ts';
import { german as uiVerdict } from '../ui/verdict-strings.de.ts';
import { german as palette } from './palette-strings.de.ts';
import { german as shortcuts } from './shortcut-strings.de.ts';
import { german as app } from './strings.de.ts';

/** By the name under which the feature asks for its words. */
export const german = {
  administration,
  alerts,
  'alerts-alert': alertsAlert,
  app,
  charts,
  forecast,
  home,
  import: imports,
  ledger,
  'log-usage': logUsage,
  'log-usage-decision': logUsageDecision,
  members,
  onboarding,
  'onboarding-platform': onboardingPlatform,
  overview,
  palette,
  readings,
  recovery,
  settings,
  'settings-calendar': settingsCalendar,
  shortcuts,
  subscription,
  sync,
  ui,
  'ui-backups': uiBackups,
  'ui-figures': uiFigures,
  'ui-ledger': uiLedger,
  'ui-members-entry': uiMembersEntry,
  'ui-change-preview': changePreview,
  'ui-open-holds': uiOpenHolds,
  'ui-plan': uiPlan,
  'ui-sync': uiSync,
  'ui-verdict': uiVerdict,
  'usage-panel': usagePanel,
  'what-if': whatIf,
};
