/** A plausible e-mail address: one @ between a name and a domain with a dot. */
export const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;
