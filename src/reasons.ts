/** What the system's short words for failures mean; people are told these. */
const words: { readonly [code: string]: string | undefined } = {
  EACCES: 'permission denied',
  EAGAIN: 'the system is too busy',
  EBUSY: 'something else uses it',
  EDQUOT: 'your quota is used up',
  EEXIST: 'it is there already',
  EFBIG: 'it would be larger than the limit for files',
  EIO: 'the disk or device failed',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENFILE: 'too many files are open',
  ENODEV: 'there is no such device',
  ENOENT: 'it is not there',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'part of its path is no folder',
  ENOTEMPTY: 'the folder is not empty',
  ENXIO: 'there is no such device',
  EPERM: 'that is not permitted',
  EPIPE: 'the other side has closed it',
  EROFS: 'the disk is read-only',
  ESTALE: 'the network drive has lost it',
  ETXTBSY: 'it is a program that runs',
  EXDEV: 'it is on another disk',
  ECONNABORTED: 'the connection was cut',
  ECONNREFUSED: 'nothing answers on that port',
  ECONNRESET: 'the connection was cut',
  EHOSTDOWN: 'the host is down',
  EHOSTUNREACH: 'there is no way to it',
  ENETDOWN: 'the network is down',
  ENETUNREACH: 'there is no network to it',
  ENOTFOUND: 'no such name',
  EAI_AGAIN: 'the name server does not answer',
  EPROTO: 'the answer is no TLS',
  ETIMEDOUT: 'it took too long',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the answer is no TLS',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet: check the clock',
  CERT_REVOKED: 'it was revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'it comes from an authority that is not known here',
  UNABLE_TO_GET_ISSUER_CERT: 'it comes from an authority that is not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'it comes from an authority that is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'it comes from an authority that is not known here',
};

/** Why a call failed, in words for people: of an error, or of the system's short word for it. */
export function reasonOf(error: unknown): string {
  const code = typeof error === 'string' ? error : codeOf(error);
  if (code !== undefined) return words[code] ?? plain(code);
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** A rare word of the system, less loud: `ERR_SSL_TLSV1_ALERT` is `ssl tlsv1 alert`. */
function plain(code: string): string {
  return /^[A-Z\d_]+$/.test(code)
    ? code.replace(/^ERR_/, '').toLowerCase().replaceAll('_', ' ')
    : code;
}
