from identity.models.addresses import Address
from identity.models.companies import BankAccount, Claim, Company
from identity.models.enquiries import Enquiry
from identity.models.letters import Letter
from identity.models.members import ApiToken, Invitation, Membership
from identity.models.notices import Notice, NoticePreference
from identity.models.threads import Message, MessageFile, ReadMark, Thread
from identity.models.users import User

__all__ = [
    "Address",
    "ApiToken",
    "BankAccount",
    "Claim",
    "Company",
    "Enquiry",
    "Invitation",
    "Letter",
    "Membership",
    "Message",
    "MessageFile",
    "Notice",
    "NoticePreference",
    "ReadMark",
    "Thread",
    "User",
]
