"""Accounts: registering, confirming an address, signing in, passwords. No answer tells whether an address is known."""

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from app import limits
from app.accounts import emails, passwords, tokens
from app.accounts.attempts import PASSWORD, REGISTER, RESET, SIGN_IN, count_try
from app.accounts.forms import AddressForm, ChangePasswordForm, NewPasswordForm, ProfileForm, RegisterForm, SignInForm
from app.accounts.models import Account
from app.accounts.people import Person
from app.accounts.sessions import end_session, end_sessions, forget_old, open_session
from app.core.messages import say
from app.core.problems import Invalid, Missing
from app.unit import Work


def account_with(work: Work, email: str) -> Account | None:
    """The account with exactly this address, already in its stored form."""
    return work.db.exec(select(Account).where(Account.email == email)).first()


def _account_of(work: Work, person: Person) -> Account:
    account = work.db.get(Account, person.id)
    if account is None:
        raise Missing(say("There is no account at this address."))
    return account


def register(work: Work, form: RegisterForm, *, language: str, network: str) -> None:
    """Make an account and ask by e-mail to confirm its address; a known address is told by e-mail instead.

    Someone may have registered an address that is not theirs: until it is confirmed, whoever registers it again
    replaces the password, and links and sessions of before end.
    """
    count_try(work, "register", REGISTER, email=form.email, network=network)
    kept = passwords.hash_password(form.password)
    account = account_with(work, form.email) or _new_account(work, form, language)
    if account is None or account.confirmed_at is not None:
        _pretend_account(work, language)
        emails.address_known(work, account or _required(work, form.email))
        return
    account.display_name, account.password_hash, account.language = form.name, kept, language
    work.db.add(account)
    end_sessions(work, account.id or 0)
    emails.confirm_address(work, account, tokens.issue(work, account, tokens.CONFIRM, tokens.CONFIRM_LASTS))


def _pretend_account(work: Work, language: str) -> None:
    """Spend what a new account costs and keep nothing: a known address must not answer faster than an unknown one."""
    attempt = work.db.begin_nested()
    nobody = Account(email=work.token(43), display_name="", language=language, created_at=work.now)
    work.db.add(nobody)
    work.db.flush()
    end_sessions(work, nobody.id or 0)
    tokens.issue(work, nobody, tokens.CONFIRM, tokens.CONFIRM_LASTS)
    work.db.flush()
    attempt.rollback()


def _new_account(work: Work, form: RegisterForm, language: str) -> Account | None:
    """A new row, or None if another request has just made it."""
    made = Account(email=form.email, display_name=form.name, language=language, created_at=work.now)
    try:
        with work.db.begin_nested():
            work.db.add(made)
    except IntegrityError:
        return None
    return made


def _required(work: Work, email: str) -> Account:
    account = account_with(work, email)
    if account is None:
        raise Missing(say("There is no account at this address."))
    return account


def confirm(work: Work, secret: str) -> str:
    """Confirm an address through its link; return the secret of a new session. Sessions opened before end."""
    account = tokens.use(work, secret, tokens.CONFIRM)
    account.confirmed_at = account.confirmed_at or work.now
    work.db.add(account)
    end_sessions(work, account.id or 0)
    return open_session(work, account)


def send_confirmation(work: Work, *, by: Person, network: str) -> None:
    """Send the link that confirms an address once more; does nothing if it is confirmed."""
    account = _account_of(work, by)
    count_try(work, "confirm", RESET, email=account.email, network=network)
    if account.confirmed_at is None:
        emails.confirm_address(work, account, tokens.issue(work, account, tokens.CONFIRM, tokens.CONFIRM_LASTS))


def sign_in(work: Work, form: SignInForm, *, network: str, former: str | None = None) -> tuple[str, Account]:
    """Check address and password; return the secret of a new session, and the account. The `former` session ends.

    Raises Invalid with one and the same sentence for a wrong password and an unknown address.
    """
    count_try(work, "sign-in", SIGN_IN, email=form.email, network=network)
    account = account_with(work, form.email)
    work.db.commit()  # nobody waits for the writer's lock while the password is checked
    if not passwords.verify(form.password, account.password_hash if account else None) or account is None:
        raise Invalid({"email": say("This address and this password do not go together. Check both, or choose a new password.")})
    forget_old(work)
    limits.forget_old(work)
    if former:
        end_session(work, former)
    if account.password_hash and passwords.needs_new_hash(account.password_hash):
        account.password_hash = passwords.hash_password(form.password)
        work.db.add(account)
    return open_session(work, account), account


def request_reset(work: Work, form: AddressForm, *, language: str, network: str) -> None:
    """Send a link to choose a new password, if the address is known; the same work if it is not."""
    count_try(work, "reset", RESET, email=form.email, network=network)
    account = account_with(work, form.email)
    if account is None:
        emails.pretend_reset(work, form.email, language)
        return
    emails.reset_password(work, account, tokens.issue(work, account, tokens.RESET, tokens.RESET_LASTS))


def choose_password(work: Work, secret: str, form: NewPasswordForm) -> None:
    """Set a new password through a link, which proves the address too. Every session and link ends."""
    account = tokens.look(work, secret, tokens.RESET)
    _set_password(work, account, form.password)
    tokens.use(work, secret, tokens.RESET)
    account.confirmed_at = account.confirmed_at or work.now
    tokens.revoke(work, account, tokens.CONFIRM)


def change_password(work: Work, form: ChangePasswordForm, *, by: Person) -> str:
    """Set a new password with the present one; every session ends, and the secret of a new one is returned."""
    account = _account_of(work, by)
    count_try(work, "password", PASSWORD, email=account.email)
    if not passwords.verify(form.current, account.password_hash):
        raise Invalid({"current": say("This is not your present password.")})
    _set_password(work, account, form.password)
    tokens.revoke(work, account, tokens.RESET)
    return open_session(work, account)


def _set_password(work: Work, account: Account, password: str) -> None:
    if (reason := passwords.weakness(password, account.display_name, account.email)) is not None:
        raise Invalid({"password": reason})
    account.password_hash = passwords.hash_password(password)
    work.db.add(account)
    end_sessions(work, account.id or 0)


def change_profile(work: Work, form: ProfileForm, *, by: Person) -> None:
    """Change one's name and the language of one's e-mails."""
    account = _account_of(work, by)
    account.display_name, account.language = form.name, form.language
    work.db.add(account)
