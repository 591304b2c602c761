// Mantine's parts as links of the router: typed routes, real anchors, opened in a new tab like any other.
import { Anchor, Button, NavLink, type AnchorProps, type ButtonProps, type NavLinkProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

type AnchorElementProps = Omit<ComponentProps<'a'>, 'style' | 'color' | 'onChange'>;

function PlainAnchor(props: AnchorElementProps & AnchorProps) {
  return <Anchor {...props} />;
}

function PlainButton(props: AnchorElementProps & ButtonProps) {
  return <Button component="a" {...props} />;
}

function PlainNavLink(props: AnchorElementProps & Omit<NavLinkProps, 'onChange'>) {
  return <NavLink component="a" {...props} />;
}

export const AnchorLink = createLink(PlainAnchor);
export const ButtonLink = createLink(PlainButton);
export const NavigationLink = createLink(PlainNavLink);
