import classes from './meter-bar.module.css';

interface MeterBarProps {
  /** What is measured and how much of it there is, in words: the bar says nothing else. */
  readonly label: string;
  /** Parts of the whole, 0 to 1, from the start of the bar; beyond the whole they are cut off. */
  readonly used: number;
  readonly held?: number;
}

/** A thin bar that shows how much of something is used and set aside. */
export function MeterBar({ label, used, held = 0 }: MeterBarProps) {
  const usedShare = clamp(used);
  const heldShare = clamp(Math.min(held, 1 - usedShare));
  return (
    <div
      className={classes['bar']}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(usedShare * 100)}
    >
      <div className={classes['used']} data-over={used > 1} style={{ width: `${usedShare * 100}%` }} />
      <div className={classes['held']} style={{ width: `${heldShare * 100}%` }} />
    </div>
  );
}

function clamp(share: number): number {
  return Number.isFinite(share) ? Math.min(Math.max(share, 0), 1) : 0;
}
