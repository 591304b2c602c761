import { Button, Group, Text } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import type { SubscriptionView } from '../../../shared/bridge/views.ts';
import type { Pack } from '../../../shared/catalogue/catalogue.ts';
import { useDirectory, useWorkspace } from '../../hooks/use-workspace.tsx';
import { formatCreditsWithUnit, formatMoney } from '../../ui/figures.tsx';
import { catalogueCredits } from '../../ui/plan-text.ts';
import { Section } from '../../ui/section.tsx';
import { recurringAddOns } from './add-ons.tsx';
import type { OpenDialog } from './dialog.ts';
import { strings } from './strings.ts';
import classes from './subscription.module.css';

const text = strings.packs;

interface PacksSectionProps {
  readonly view: SubscriptionView;
  readonly onOpen: OpenDialog;
}

/** What can be bought on top, with its price; or how more credits are asked for. */
export function PacksSection({ view, onOpen }: PacksSectionProps) {
  const { sold, onlyWhenUsedUp } = view.plan.packs;
  const packs = packsOnSale(view);
  if (sold === 'no') return null;
  const hint = onlyWhenUsedUp ? `${text.hintUsedUp} ${text.hint}` : text.hint;
  return (
    <Section title={text.section} description={packs.length === 0 ? undefined : hint}>
      {packs.length === 0 ? (
        <RequestCredits view={view} onOpen={onOpen} />
      ) : (
        <ul className={classes['packs']}>
          {packs.map((pack) => (
            <PackCard key={pack.id} pack={pack} sold={sold} onOpen={onOpen} />
          ))}
        </ul>
      )}
    </Section>
  );
}

export function packsOnSale(view: SubscriptionView): readonly Pack[] {
  return view.packs.filter(({ id }) => view.plan.packs.ids.includes(id));
}

/** `5,500 credits`, or that the amount is as bought. */
export function packCredits(pack: Pack): string {
  const credits = pack.credits === null ? null : catalogueCredits(pack.credits);
  return credits === null ? text.creditsOpen : formatCreditsWithUnit(credits);
}

export function packPrice(pack: Pack): string {
  return pack.price === null ? text.priceOpen : formatMoney(pack.price);
}

interface PackCardProps {
  readonly pack: Pack;
  readonly sold: 'order' | 'request';
  readonly onOpen: OpenDialog;
}

function PackCard({ pack, sold, onOpen }: PackCardProps) {
  const lapses =
    pack.lapsesAfterMonths === null
      ? text.never
      : text.lapses({ months: text.months({ count: pack.lapsesAfterMonths }) });
  return (
    <li className={classes['pack']}>
      <Text fw={600}>{pack.name}</Text>
      <span className={pack.credits === null ? undefined : classes['packAmount']}>{packCredits(pack)}</span>
      <Text size="sm" c="dimmed">
        {packPrice(pack)} · {lapses}
      </Text>
      <Button
        mt={6}
        size="xs"
        variant="light"
        aria-label={sold === 'request' ? text.requestNamed({ name: pack.name }) : text.orderNamed({ name: pack.name })}
        onClick={() => onOpen({ kind: 'order', packId: pack.id })}
      >
        {sold === 'request' ? text.request : text.order}
      </Button>
    </li>
  );
}

/** The platform sells through its account team and publishes no packs: ask there, enter the result here. [P4] */
export function RequestCredits({ view, onOpen }: PacksSectionProps) {
  const { platformName } = useWorkspace();
  const { isAdmin } = useDirectory();
  return (
    <>
      <Text size="sm">{text.requestBody({ platform: platformName })}</Text>
      <Group gap="xs" mt="sm">
        {view.purchaseUrl === null ? null : (
          <Button
            component="a"
            href={view.purchaseUrl}
            target="_blank"
            rel="noreferrer"
            size="xs"
            variant="default"
            rightSection={<IconExternalLink size={14} aria-hidden />}
          >
            {text.contact({ platform: platformName })}
          </Button>
        )}
        {recurringAddOns(view).map(({ id, name }) => (
          <Button
            key={id}
            size="xs"
            variant="light"
            disabled={!isAdmin}
            onClick={() => onOpen({ kind: 'add-on', addOn: id })}
          >
            {text.enterRecurring({ name })}
          </Button>
        ))}
        <Button size="xs" variant="light" disabled={!isAdmin} onClick={() => onOpen({ kind: 'grant' })}>
          {text.enterGranted}
        </Button>
      </Group>
    </>
  );
}
