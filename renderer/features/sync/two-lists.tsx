import { List, SimpleGrid, Text } from '@mantine/core';

interface ListUnder {
  readonly title: string;
  readonly items: readonly string[];
}

/** What a step keeps and what it takes away, side by side, before it is taken. */
export function TwoLists({ lists }: { readonly lists: readonly ListUnder[] }) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
      {lists.map(({ title, items }) => (
        <div key={title}>
          <Text fw={600} size="sm" mb={4}>
            {title}
          </Text>
          <List size="sm" listStyleType="disc" spacing={4} withPadding={false} ps="md">
            {items.map((item) => (
              <List.Item key={item}>{item}</List.Item>
            ))}
          </List>
        </div>
      ))}
    </SimpleGrid>
  );
}
