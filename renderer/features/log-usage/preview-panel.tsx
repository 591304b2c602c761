import { Badge, Stack, Text, VisuallyHidden } from '@mantine/core';
import { IconAlertTriangle, IconBan, IconCircleCheck } from '@tabler/icons-react';
import type { PreviewView } from '../../../shared/bridge/views.ts';
import type { Outcome } from '../../../shared/entitlement/decision.ts';
import { formatCredits, formatCreditsWithUnit, formatMoment, formatQuantity } from '../../ui/figures.tsx';
import classes from './log-usage.module.css';
import { decisionWords } from './decision-words.ts';
import { strings } from './strings.ts';
import type { UsagePreview } from './use-preview.ts';

interface PreviewPanelProps {
  readonly preview: UsagePreview;
  readonly zone: string;
  /** The same refusal is told below already. */
  readonly refusalShown: boolean;
}

/** The price, the decision in sentences, who pays how much, and what is left: before anything is logged. */
export function PreviewPanel({ preview, zone, refusalShown }: PreviewPanelProps) {
  const { view, priced, stale } = preview;
  if (preview.error !== null) return null;
  if (view === undefined || priced === null) {
    return (
      <Text c="dimmed" size="sm">
        {preview.working ? strings.preview.working : strings.preview.empty}
      </Text>
    );
  }
  return (
    <Stack gap="md" className={classes['preview'] ?? ''} data-stale={stale}>
      <VisuallyHidden role="status">
        {strings.preview.spoken({
          credits: formatCreditsWithUnit(view.decision.credits),
          outcome: strings.preview.outcome[view.decision.outcome],
        })}
      </VisuallyHidden>
      <Price view={view} quantity={priced.quantity} unit={priced.unit} />
      {refusalShown ? null : <DecisionSentences view={view} zone={zone} />}
      {view.decision.outcome === 'refused' ? null : <Split view={view} />}
      <Headrooms view={view} zone={zone} />
    </Stack>
  );
}

interface PriceProps extends Pick<PreviewPanelProps['preview'] & { view: PreviewView }, 'view'> {
  readonly quantity: Parameters<typeof formatQuantity>[0] | null;
  readonly unit: string | null;
}

function Price({ view, quantity, unit }: PriceProps) {
  const { credits } = view.decision;
  const isPriced = view.pricing !== null;
  return (
    <div>
      <div className={classes['price']}>
        <span className={classes['priceFigure']}>{isPriced ? formatCredits(credits) : strings.preview.unpriced}</span>
        {isPriced ? (
          <Text span c="dimmed">
            {credits === 1_000_000 ? strings.preview.credit : strings.preview.credits}
          </Text>
        ) : null}
        <OutcomeBadge outcome={view.decision.outcome} />
      </div>
      <Text size="sm" c="dimmed">
        {view.unitRate === null || quantity === null
          ? null
          : `${strings.preview.sum({ quantity: formatQuantity(quantity, unit), rate: formatCredits(view.unitRate) })} · `}
        {pricingWords(view)}
      </Text>
    </div>
  );
}

function OutcomeBadge({ outcome }: { readonly outcome: Outcome }) {
  const { color, Icon } = outcomeMarks[outcome];
  return (
    <Badge variant="light" color={color} leftSection={<Icon size={14} aria-hidden />}>
      {strings.preview.outcome[outcome]}
    </Badge>
  );
}

const outcomeMarks = {
  allowed: { color: 'petrol', Icon: IconCircleCheck },
  'allowed-overage': { color: 'amber', Icon: IconAlertTriangle },
  refused: { color: 'red', Icon: IconBan },
} as const;

function pricingWords(view: PreviewView): string {
  const version = view.catalogueVersion ?? '–';
  switch (view.pricing) {
    case 'listed':
      return strings.preview.pricing.listed({ version });
    case 'assumed':
      return strings.preview.pricing.assumed({ version });
    case 'estimate':
      return strings.preview.pricing.estimate;
    case 'metered':
      return strings.preview.pricing.metered;
    case null:
      return '';
  }
}

/** Headline first; a plain *allowed* needs no more words than its mark. */
function DecisionSentences({ view, zone }: { readonly view: PreviewView; readonly zone: string }) {
  const [headline, ...others] = decisionWords(view.decision, zone);
  if (headline === undefined || (view.decision.outcome === 'allowed' && view.decision.reasons.length === 0))
    return null;
  return (
    <div>
      <Text size="sm" fw={600}>
        {headline}
      </Text>
      {others.length === 0 ? null : (
        <ul className={classes['sentences']}>
          {others.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Split({ view }: { readonly view: PreviewView }) {
  return (
    <div>
      <h3 className={classes['subheading']}>{strings.preview.paidBy}</h3>
      {view.split.length === 0 ? (
        <Text size="sm" c="dimmed">
          {strings.preview.paidByNothing}
        </Text>
      ) : null}
      <dl className={classes['split']}>
        {view.split.map((share) => (
          <div key={share.grantId ?? share.kind} className={classes['splitLine']}>
            <dt>{share.label}</dt>
            <dd>{formatCredits(share.credits)}</dd>
          </div>
        ))}
        {view.availableAfter === null ? null : (
          <div className={classes['splitLine']}>
            <dt>
              <Text span inherit fw={600}>
                {strings.preview.leftAfter}
              </Text>
            </dt>
            <dd>
              <Text span inherit fw={600}>
                {formatCredits(view.availableAfter)}
              </Text>
            </dd>
          </div>
        )}
      </dl>
    </div>
  );
}

/** One rule's headroom is the pool's, which the line above tells already; with caps they are worth a list. */
function Headrooms({ view, zone }: { readonly view: PreviewView; readonly zone: string }) {
  const { headrooms } = view.decision;
  if (headrooms.length < 2) return null;
  return (
    <div>
      <h3 className={classes['subheading']}>{strings.preview.rules}</h3>
      <dl className={classes['split']}>
        {headrooms.map(({ rule, headroom, freesAt }) => (
          <div key={rule} className={classes['splitLine']}>
            <dt>{strings.preview.rule[rule]}</dt>
            <dd>
              {formatCredits(headroom)}
              {freesAt === null ? null : (
                <Text span size="xs" c="dimmed">
                  {' '}
                  · {strings.preview.frees({ at: formatMoment(freesAt, zone) })}
                </Text>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
