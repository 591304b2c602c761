// The fields that forms share: figures, days and moments as text, which the replica reads in the workspace's zone.
import { TextInput, type TextInputProps } from '@mantine/core';
import { personLocale } from '../i18n/language.ts';
import { plainDecimal } from './decimal.ts';
import { strings } from './strings.ts';

/** How far below the top of a labelled field its input begins, in pixels: a button beside it starts there too. */
export const labelHeight = 21.5;

interface TextFieldProps extends Omit<TextInputProps, 'value' | 'onChange' | 'type'> {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A line of text. */
export function TextField({ value, onChange, ...props }: TextFieldProps) {
  return (
    <TextInput autoComplete="off" {...props} value={value} onChange={(event) => onChange(event.currentTarget.value)} />
  );
}

/** Why something is changed, in a few words that are kept with it. */
export function ReasonField(props: TextFieldProps) {
  return <TextField label={strings.reason} maxLength={500} {...props} />;
}

/** A figure. It keeps what was typed; `decimalText` turns it into what the bridge takes. */
export function DecimalField(props: TextFieldProps) {
  return <TextField inputMode="decimal" {...props} />;
}

/** A calendar day as `YYYY-MM-DD`. */
export function DayField({ value, onChange, ...props }: TextFieldProps) {
  return <TextInput {...props} type="date" value={value} onChange={(event) => onChange(event.currentTarget.value)} />;
}

/** A local date-time as `YYYY-MM-DDTHH:MM`, of the workspace's zone. */
export function MomentField({ value, onChange, ...props }: TextFieldProps) {
  return (
    <TextInput
      {...props}
      type="datetime-local"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** What was typed into a `DecimalField`, as a plain decimal. */
export function decimalText(typed: string): string {
  return plainDecimal(typed, personLocale());
}

/** What was typed, or undefined when nothing was. */
export function optionalText(typed: string): string | undefined {
  const trimmed = typed.trim();
  return trimmed === '' ? undefined : trimmed;
}
