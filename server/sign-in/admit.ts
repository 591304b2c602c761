// Which person of an organisation an account of the identity provider is, and whether they may come in.
import { v7 as uuidv7 } from 'uuid';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import type { OrganisationRole } from '../../shared/protocol/identity.ts';
import type { SignInName, SignInRefusal } from '../../shared/protocol/sign-in.ts';
import type { Transaction } from '../database/database.ts';
import { addPerson } from '../identity/people.ts';
import type { Account } from './provider.ts';

export interface AdmissionRules {
  readonly by: SignInName;
  /** null: nobody who is not known yet is let in. Else who has an address of these domains, in lower case. */
  readonly newPeople: { readonly role: OrganisationRole; readonly domains: readonly string[] } | null;
}

interface KnownPerson {
  readonly id: string;
  readonly active: boolean;
  readonly account_issuer: string | null;
  readonly account_subject: string | null;
}

/** The id of the person; one who is new is added where the rules say so. */
export async function admit(
  transaction: Transaction,
  given: { readonly organisationId: string; readonly account: Account; readonly rules: AdmissionRules },
): Promise<Result<string, SignInRefusal>> {
  const { query } = transaction;
  const { organisationId, account, rules } = given;
  const { issuer, subject } = account;
  const name = nameOf(account, rules.by);
  if (name === null) return err('no-verified-address');
  // The account itself comes first: an address may be another one today, or somebody else's.
  const { rows } = await query<KnownPerson>(
    `SELECT id, active, account_issuer, account_subject FROM person
      WHERE organisation_id = $1 AND (account_issuer = $2 AND account_subject = $3 OR signs_in_as = $4)
      ORDER BY account_issuer IS NOT DISTINCT FROM $2 AND account_subject IS NOT DISTINCT FROM $3 DESC LIMIT 1 FOR UPDATE`,
    [organisationId, issuer, subject, name],
  );
  const [person] = rows;
  if (!person) return addNew(transaction, { ...given, name });
  if (!person.active) return err('person-left');
  if (person.account_subject === null) {
    await query('UPDATE person SET account_issuer = $2, account_subject = $3 WHERE id = $1', [
      person.id,
      issuer,
      subject,
    ]);
    return ok(person.id);
  }
  const isSame = person.account_subject === subject && person.account_issuer === issuer;
  return isSame ? ok(person.id) : err('other-account');
}

/** As whom the account signs in here; null where the provider vouches for no address. */
export function nameOf(account: Account, by: SignInName): string | null {
  return by === 'email' ? account.address : account.subject;
}

async function addNew(
  transaction: Transaction,
  given: Parameters<typeof admit>[1] & { readonly name: string },
): Promise<Result<string, SignInRefusal>> {
  const { organisationId, account, name } = given;
  const { newPeople } = given.rules;
  const domain = account.address?.split('@').at(-1) ?? '';
  if (newPeople === null || !newPeople.domains.includes(domain)) return err('unknown-person');
  const id = uuidv7();
  const isAdded = await addPerson(transaction, {
    organisationId,
    id,
    name: account.name ?? account.address ?? name,
    role: newPeople.role,
    signsInAs: name,
  });
  // Another device of the same person was quicker.
  if (!isAdded) return admit(transaction, given);
  await transaction.query(
    'UPDATE person SET account_issuer = $2, account_subject = $3 WHERE id = $1 AND organisation_id = $4',
    [id, account.issuer, account.subject, organisationId],
  );
  return ok(id);
}
