import { expect, test } from 'vitest';
import { withoutSecrets } from './secrets.js';

test.each(['API_TOKEN', 'AWS_SECRET_ACCESS_KEY', 'PGPASSWORD', 'Authorization', 'cookie', 'MYSQL_PWD'])(
  'the value of %s goes into no report',
  (name) => expect(withoutSecrets(name, 'hunter2')).toBe('<secret>'),
);

test('a URL keeps its host and loses who logs in there', () => {
  expect(withoutSecrets('DATABASE_URL', 'postgres://me:hunter2@127.0.0.1:5432/db?x=a@b')).toBe(
    'postgres://<secret>@127.0.0.1:5432/db?x=a@b',
  );
  expect(withoutSecrets('NODE_ENV', 'production')).toBe('production');
});
