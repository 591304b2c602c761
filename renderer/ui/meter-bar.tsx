import classes from './meter-bar.module.css';

interface MeterBarProps {
  /** What is measured, in words, such as *Remaining of Pack Booster*: the bar itself says no more. */
  readonly label: string;
  /** The part of the whole that is left and free, 0 to 1. */
  readonly free: number;
  /** The part that is left but set aside by holds. */
  readonly held?: number;
}

/** A thin bar, full while nothing is used. What is held stands at its end in stripes. */
export function MeterBar({ label, free, held = 0 }: MeterBarProps) {
  const freeShare = clamp(free);
  const heldShare = clamp(Math.min(held, 1 - freeShare));
  return (
    <div
      className={classes['bar']}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round((freeShare + heldShare) * 100)}
    >
      <div className={classes['free']} style={{ width: `${freeShare * 100}%` }} />
      <div className={classes['held']} style={{ width: `${heldShare * 100}%` }} />
    </div>
  );
}

function clamp(share: number): number {
  return Number.isFinite(share) ? Math.min(Math.max(share, 0), 1) : 0;
}
