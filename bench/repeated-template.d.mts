/** A template with a number of resources: those of another again and again, under other names, with the references between them. */
export function repeated<T extends { readonly Resources: object }>(template: T, count: number): T;
