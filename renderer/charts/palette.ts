// Colours of things beside each other. Neighbours on a ring differ to eyes without red, green or blue cones too, and each
// stands out from the panel; what a colour means is always written beside it.

interface Palette {
  /** In the order of the ranked list. */
  readonly categories: readonly string[];
  readonly others: string;
  readonly unattributed: string;
}

export const palettes: Readonly<Record<'light' | 'dark', Palette>> = {
  light: {
    categories: ['#0f6473', '#a33a0c', '#601c89', '#de4ebe', '#b08d49'],
    others: '#919598',
    unattributed: '#161a1d',
  },
  dark: {
    categories: ['#4fa9b8', '#c29638', '#928ce6', '#ee2189', '#9ee516'],
    others: '#66696c',
    unattributed: '#f5f9fc',
  },
};

/** How much of the range of a forecast lets the ground through, and of its edge. */
export const bandOpacity = 0.26;
export const bandEdgeOpacity = 0.8;
