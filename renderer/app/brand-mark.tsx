interface BrandMarkProps {
  readonly size?: number;
}

/** The dial with its needle, in the colour of the text around it. It says nothing that the word beside it does not. */
export function BrandMark({ size = 22 }: BrandMarkProps) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden focusable="false">
      <path
        d="M4.2 18.4a9.6 9.6 0 1 1 15.6 0"
        stroke="var(--mantine-primary-color-filled)"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
      <path
        d="M17.9 6.6a9.6 9.6 0 0 1 3.7 6"
        stroke="var(--mantine-color-amber-5)"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
      <path d="M11.2 14.1 16 8.4" stroke="currentColor" strokeWidth="2.4" strokeLinecap="round" />
      <circle cx="11.2" cy="14.4" r="2.3" fill="currentColor" />
    </svg>
  );
}
