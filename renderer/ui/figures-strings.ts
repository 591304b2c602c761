import { words } from '../i18n/words.ts';

/** Figures with what they count. `figure` comes in formatted; `count` chooses the form. */
export const english = {
  credits_one: '{{figure}} credit',
  credits_other: '{{figure}} credits',
  creditsAlone_one: 'credit',
  creditsAlone_other: 'credits',
  ofUnit: '{{figure}} {{unit}}',
  // Units of the platforms that are shipped. Those of a platform that somebody described are words of that person.
  units: {
    action_one: '{{figure}} action',
    action_other: '{{figure}} actions',
    actor_one: '{{figure}} actor',
    actor_other: '{{figure}} actors',
    component_one: '{{figure}} component',
    component_other: '{{figure}} components',
    diagram_one: '{{figure}} diagram',
    diagram_other: '{{figure}} diagrams',
    image_one: '{{figure}} image',
    image_other: '{{figure}} images',
    prompt_one: '{{figure}} prompt',
    prompt_other: '{{figure}} prompts',
    request_one: '{{figure}} request',
    request_other: '{{figure}} requests',
    screen_one: '{{figure}} screen',
    screen_other: '{{figure}} screens',
    second_one: '{{figure}} second',
    second_other: '{{figure}} seconds',
    slide_one: '{{figure}} slide',
    slide_other: '{{figure}} slides',
    video_one: '{{figure}} video',
    video_other: '{{figure}} videos',
  },
  names: {
    action: 'action',
    actor: 'actor',
    component: 'component',
    diagram: 'diagram',
    image: 'image',
    prompt: 'prompt',
    request: 'request',
    screen: 'screen',
    second: 'second',
    slide: 'slide',
    video: 'video',
  },
} as const;

export const strings = words('ui-figures', english);
