import { COGNITO_LIMITS } from '../limits/cognito';
import { enforce, type Limit, refused } from '../limits/limit';
import { isRecord, optionalText, records, text, unsupported } from './input';
import type { AwsError, LocalInput, LocalService } from './service';
import { type LocalUserPool, subjectOf } from './user-pool';
import { checkPassword, type PasswordPolicy } from './user-pool-passwords';

/** A client of a pool, as an administrator's sign-in meets it: `AWS::Cognito::UserPoolClient`. */
export interface AdminClient {
  /** `ExplicitAuthFlows`. */
  readonly flows: readonly string[];
  /** `PreventUserExistenceErrors` is `ENABLED`: an unknown user looks like a wrong password. */
  readonly hidesUsers: boolean;
  readonly validitySeconds: number;
}

/** A pool as its administrator meets it: `AWS::Cognito::UserPool`. */
export interface AdministeredPool {
  readonly pool: LocalUserPool;
  /** `UsernameAttributes`. */
  readonly usernameAttributes: readonly string[];
  /** @default - Cognito's own */
  readonly passwordPolicy?: PasswordPolicy;
  readonly clients: ReadonlyMap<string, AdminClient>;
  /** `MfaConfiguration` is `ON`: a password alone signs no one in. @default false */
  readonly demandsSecondFactor?: boolean;
}

interface User {
  /** E-mail address, or the name in a pool without e-mail addresses for names. */
  readonly name: string;
  readonly sub: string;
  readonly createdAt: number;
  password?: string;
  status: 'FORCE_CHANGE_PASSWORD' | 'CONFIRMED';
}

const LIMITS = COGNITO_LIMITS.rows;
const FLOW = 'ADMIN_USER_PASSWORD_AUTH';
/** What a trigger is told where no client asks (AWS: Cognito, Lambda trigger event). */
const NO_CLIENT = 'CLIENT_ID_NOT_APPLICABLE';

/** What an administrator asks of user pools, by IAM: users, their passwords, and sign-in by password. */
export class LocalUserPoolAdmin implements LocalService {
  private readonly users = new Map<AdministeredPool, Map<string, User>>();

  constructor(
    private readonly pools: readonly AdministeredPool[],
    /** Milliseconds since 1970. */
    private readonly now: () => number,
    private readonly newId: () => string,
  ) {}

  async call(action: string, input: LocalInput): Promise<LocalInput> {
    switch (action) {
      case 'AdminCreateUser':
        return { User: this.described(await this.create(input)) };
      case 'AdminSetUserPassword':
        return this.setPassword(input);
      case 'AdminInitiateAuth':
        return this.signIn(input);
      case 'AdminDeleteUser':
        this.usersOf(this.pool(input)).delete(this.user(input).name);
        return {};
      default:
        throw unsupported(action);
    }
  }

  /** Names of a pool's users. */
  names(poolId: string): readonly string[] {
    return [...this.usersOf(this.pool({ UserPoolId: poolId })).keys()];
  }

  private pool(input: LocalInput): AdministeredPool {
    const id = text(input, 'UserPoolId');
    const found = this.pools.find(({ pool }) => pool.id === id);
    if (found === undefined) throw refused(LIMITS.pool, `User pool ${id} does not exist.`);
    return found;
  }

  private usersOf(pool: AdministeredPool): Map<string, User> {
    const users = this.users.get(pool) ?? new Map<string, User>();
    this.users.set(pool, users);
    return users;
  }

  /** A user by the name, or by the `sub` that is the user's name in tokens. */
  private found(pool: AdministeredPool, name: string): User | undefined {
    const users = this.usersOf(pool);
    return users.get(name) ?? [...users.values()].find(({ sub }) => sub === name);
  }

  private user(input: LocalInput): User {
    const found = this.found(this.pool(input), nameIn(input));
    if (found === undefined) throw refused(LIMITS.user, 'User does not exist.');
    return found;
  }

  private async create(input: LocalInput): Promise<User> {
    const pool = this.pool(input);
    const name = nameIn(input);
    const isAddress = /^[^\s@]+@[^\s@]+$/.test(name);
    const byAddress = pool.usernameAttributes.includes('email');
    if (byAddress && !isAddress) throw refused(LIMITS.usernameShape, 'Username should be an email.');
    const attributes = input['UserAttributes'] === undefined ? [] : records(input, 'UserAttributes');
    const address = attributes.find(({ Name }) => Name === 'email')?.['Value'];
    if (byAddress && address !== undefined && address !== name) {
      throw refused(LIMITS.usernameShape, 'User email should be empty or same as username');
    }
    if (this.found(pool, name) !== undefined) throw refused(LIMITS.userExists, 'User account already exists');
    // Whoever is to read an invitation is where the data path ends.
    if (optionalText(input, 'MessageAction') !== 'SUPPRESS') throw unsupported('AdminCreateUser with a message');
    const password = optionalText(input, 'TemporaryPassword');
    if (password !== undefined) checkPassword(password, pool.passwordPolicy);
    await pool.pool.admit(name, NO_CLIENT, 'PreSignUp_AdminCreateUser');
    const user: User = {
      name,
      sub: subjectOf(name),
      createdAt: this.now(),
      password,
      status: 'FORCE_CHANGE_PASSWORD',
    };
    this.usersOf(pool).set(user.name, user);
    return user;
  }

  private setPassword(input: LocalInput): LocalInput {
    const password = text(input, 'Password');
    const user = this.user(input);
    checkPassword(password, this.pool(input).passwordPolicy);
    user.password = password;
    user.status = input['Permanent'] === true ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD';
    return {};
  }

  private signIn(input: LocalInput): LocalInput {
    const pool = this.pool(input);
    const clientId = text(input, 'ClientId');
    const client = pool.clients.get(clientId);
    if (client === undefined) throw refused(LIMITS.adminClient, `User pool client ${clientId} does not exist.`);
    const flow = text(input, 'AuthFlow');
    if (flow !== FLOW) throw unsupported(`AdminInitiateAuth with ${flow}`);
    if (!client.flows.includes(`ALLOW_${FLOW}`)) throw refused(LIMITS.flow, 'Auth flow not enabled for this client');
    const parameters = isRecord(input['AuthParameters']) ? input['AuthParameters'] : {};
    const [name, password] = ['USERNAME', 'PASSWORD'].map((key) => required(parameters, key));
    const user = this.found(pool, name ?? '');
    if (user === undefined && !client.hidesUsers) throw refused(LIMITS.user, 'User does not exist.');
    if (user?.password === undefined || user.password !== password) {
      throw refused(LIMITS.credentials, 'Incorrect username or password.');
    }
    if (user.status === 'FORCE_CHANGE_PASSWORD') {
      const parameters = { USER_ID_FOR_SRP: user.sub, requiredAttributes: '[]', userAttributes: '{}' };
      return { ChallengeName: 'NEW_PASSWORD_REQUIRED', Session: this.newId(), ChallengeParameters: parameters };
    }
    if (pool.demandsSecondFactor === true) {
      const parameters = { USER_ID_FOR_SRP: user.sub, MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' };
      return { ChallengeName: 'MFA_SETUP', Session: this.newId(), ChallengeParameters: parameters };
    }
    const { validitySeconds } = client;
    const { idToken } = pool.pool.signIn({ user: user.name, clientId, scope: '', validitySeconds });
    return {
      ChallengeParameters: {},
      AuthenticationResult: {
        AccessToken: pool.pool.accessToken(user.sub, clientId, validitySeconds),
        IdToken: idToken,
        RefreshToken: this.newId(),
        ExpiresIn: validitySeconds,
        TokenType: 'Bearer',
      },
    };
  }

  private described({ name, sub, createdAt, status }: User): LocalInput {
    const at = createdAt / 1000;
    const attributes = { sub, ...(name.includes('@') && { email: name }) };
    return {
      // In a pool of e-mail addresses Cognito names a user by the `sub` (cognito-local issue 102).
      Username: name.includes('@') ? sub : name,
      Attributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
      UserCreateDate: at,
      UserLastModifiedDate: at,
      Enabled: true,
      UserStatus: status,
    };
  }
}

function nameIn(input: LocalInput): string {
  const name = text(input, 'Username');
  enforce(LIMITS.adminUsername, name.length);
  if (/\s/.test(name)) throw shape(LIMITS.adminUsername, 'username');
  return name;
}

function required(parameters: Readonly<Record<string, unknown>>, key: string): string {
  const value = parameters[key];
  if (typeof value !== 'string' || value === '') throw refused(LIMITS.parameter, `Missing required parameter ${key}`);
  return value;
}

/** AWS's front door, which checks what a member looks like. */
function shape(limit: Limit, member: string): AwsError {
  return refused(
    limit,
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern`,
  );
}
