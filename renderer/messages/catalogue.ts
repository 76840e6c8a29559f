// What a message catalogue is: English decides the keys and placeholders, every other language must have exactly those.
import type { en } from './en.ts';

/** A message, or its plural forms by CLDR category; `{name}` stands for a value. */
export type Message = string | { readonly one: string; readonly other: string };
export type Catalogue = typeof en;
export type MessageKey = keyof Catalogue;

type Names<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type NamesOf<M> = M extends string ? Names<M> : M extends { readonly other: infer S extends string } ? Names<S> : never;

/** The values a message needs; `n` is the count that chooses the plural form. */
export type Params<K extends MessageKey> = Readonly<Record<NamesOf<Catalogue[K]>, string | number>>;
/** No second argument for a message without placeholders. */
export type ParamsArgument<K extends MessageKey> = [NamesOf<Catalogue[K]>] extends [never] ? [] : [params: Params<K>];

/** Keys of messages without placeholders. */
export type PlainKey = {
  [K in MessageKey]: [NamesOf<Catalogue[K]>] extends [never] ? K : never;
}[MessageKey];

type SameNames<A, B> = [NamesOf<A>] extends [NamesOf<B>]
  ? [NamesOf<B>] extends [NamesOf<A>]
    ? unknown
    : never
  : never;
type Complete<T> = { readonly [K in MessageKey]: K extends keyof T ? T[K] & SameNames<Catalogue[K], T[K]> : never } & {
  readonly [K in Exclude<keyof T, MessageKey>]: never;
};

/** Makes a translation; does not compile when a key or a placeholder is missing, or one is there that English lacks. */
export function translation<const T extends Readonly<Record<MessageKey, Message>>>(
  messages: T & Complete<T>,
): Translation {
  return messages;
}
export type Translation = Readonly<Record<MessageKey, Message>>;

export type Values = Readonly<Record<string, string | number>>;

/**
 * Fills a message. Numbers are written by the locale; strings stand as they are. A placeholder without a value stays visible.
 */
export function fill(message: Message, values: Values, locale: string): string {
  const text =
    typeof message === 'string'
      ? message
      : new Intl.PluralRules(locale).select(Number(values['n'] ?? 0)) === 'one'
        ? message.one
        : message.other;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return whole;
    return typeof value === 'number' ? new Intl.NumberFormat(locale).format(value) : value;
  });
}
