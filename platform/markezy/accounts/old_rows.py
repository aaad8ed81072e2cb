"""What is kept of logins and invitations after it has served its purpose."""

from sqlalchemy import func

from markezy.accounts.tables import invitation, password_reset, staff_session
from markezy.kernel.old_rows import OldRows

# A revoked session stays until it would have expired: by its row a refresh token that was used twice is recognised.
OLD_SESSIONS = OldRows(staff_session, staff_session.c.expires_at)
OLD_RESETS = OldRows(password_reset, password_reset.c.expires_at)
OLD_INVITATIONS = OldRows(
    invitation, func.coalesce(invitation.c.accepted_at, invitation.c.withdrawn_at, invitation.c.expires_at)
)
