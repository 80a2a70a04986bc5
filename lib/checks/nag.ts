export * from './all-packs';
export * from './groundplan-checks';
