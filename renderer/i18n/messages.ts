// The shapes of messages. A feature's English ones are plain data; everything about them is read from that.

/** Messages by name, in groups and lists. `{{name}}` is a placeholder, `…_one` and `…_other` are forms of a plural. */
export interface Messages {
  readonly [name: string]: Message;
}
type Message = string | Messages | readonly Message[];

/** Text as it is, or a whole number or fraction, which is formatted in the person's locale. */
type Value = string | number;

/** What components use: text where nothing is to be put in, and else a function of what its placeholders name. */
export type Words<M> = M extends string
  ? Said<M>
  : M extends readonly unknown[]
    ? { readonly [Index in keyof M]: Words<M[Index]> }
    : {
        readonly [Name in keyof M as WordName<Name>]: Name extends `${string}_other`
          ? Counted<M[Name]>
          : Words<M[Name]>;
      };

type WordName<Name> = Name extends `${string}_one` ? never : Name extends `${infer Base}_other` ? Base : Name;

type Said<Text extends string> = [Placeholder<Text>] extends [never]
  ? string
  : (values: { readonly [Name in Placeholder<Text>]: Value }) => string;

type Counted<Text> = Text extends string
  ? (values: { readonly count: number } & { readonly [Name in Exclude<Placeholder<Text>, 'count'>]: Value }) => string
  : never;

type Placeholder<Text extends string> = Text extends `${string}{{${infer Inside}}}${infer Rest}`
  ? PlaceholderName<Inside> | Placeholder<Rest>
  : never;

type PlaceholderName<Inside extends string> = Inside extends `${infer Name}, ${string}` ? Name : Inside;

/**
 * A translation of the messages `M`: the same names and lists, each with its own text. `Form` are the plural forms of
 * the language, as `Intl.PluralRules` names them.
 */
export type TranslationOf<M, Form extends string = 'one' | 'other'> = M extends string
  ? string
  : M extends readonly unknown[]
    ? { readonly [Index in keyof M]: TranslationOf<M[Index], Form> }
    : { readonly [Name in keyof M as TranslatedName<Name, Form>]: TranslationOf<M[Name], Form> };

type TranslatedName<Name, Form extends string> = Name extends `${infer Base}_one` | `${infer Base}_other`
  ? `${Base}_${Form}`
  : Name;
