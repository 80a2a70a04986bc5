/**
 * The rules as a pack of cdk-nag.
 *
 * @module groundplan/checks/nag
 */
export * from './all-packs';
export * from './groundplan-checks';
