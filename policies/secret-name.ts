/**
 * Whether a name says that its value is a secret. What a name ends in is what it holds: `DB_PASSWORD`
 * and `clientSecret` do, `TOKEN_LIMIT`, `SECRET_NAME` and `PASSWORD_FILE` do not.
 */
export function namesSecret(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase();
  return sensitive.test(words) && !modelToken.test(words);
}

const sensitive =
  /(PASSWORD|PASSWD|PASSPHRASE|APIKEY|_PASS|_PWD|(^|_)(SECRET|TOKEN|CREDENTIALS?|(API|ACCESS|ENCRYPTION|PRIVATE|SECRET|SIGNING)_KEY))$/;

/** Tokens in the sense of a language model. */
const modelToken = /(^|_)(BOS|CLS|EOS|MASK|PAD|PER|SEP|STOP|UNK)_TOKEN$/;
