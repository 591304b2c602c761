import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import { useEffect, useState } from 'react';
import { strings } from './strings.ts';

interface LoadingProps {
  /** Heights of the blocks that stand in for what comes, in pixels. */
  readonly blocks?: readonly number[];
}

/** Stands in for what is on its way; an answer that comes at once never lets it flash. */
export function Loading({ blocks = [88, 240, 160] }: LoadingProps) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Stack gap="md" role="status" aria-busy>
      <VisuallyHidden>{strings.loading}</VisuallyHidden>
      {shown ? blocks.map((height, index) => <Skeleton key={index} height={height} />) : null}
    </Stack>
  );
}
