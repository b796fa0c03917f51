// What the service writes down about a delivery that did not arrive, and in which words it is said.
import { describe, expect, it } from 'vitest';
import { reasonOf } from '../src/admin/delivery-reasons';

const SAID = {
  'it did not answer in time': 'hooks_too_late',
  'Connection refused (os error 111)': 'hooks_refused',
  'Connection reset by peer (os error 104)': 'hooks_broke_off',
  'connection closed before message completed': 'hooks_broke_off',
  'failed to lookup address information: Name or service not known': 'hooks_no_name',
  'failed to lookup address information: Temporary failure in name resolution': 'hooks_no_name',
  'the name leads to no address of the public internet': 'hooks_not_public',
  'url is not valid: it has to be an address of the public internet': 'hooks_not_public',
  'invalid peer certificate: UnknownIssuer': 'hooks_certificate',
  'Network is unreachable (os error 101)': 'hooks_unreachable',
  'No route to host (os error 113)': 'hooks_unreachable',
  'url is not valid: it cannot be read': 'hooks_unreadable',
  'what it would have told is gone': 'hooks_gone',
};

describe('why a delivery failed', () => {
  for (const [failure, words] of Object.entries(SAID)) it(`${failure}: ${words}`, () => expect(reasonOf(failure)).toBe(words));

  it('has no words for what is not known', () => expect(reasonOf('received corrupt message of type InvalidContentType')).toBeUndefined());
});
