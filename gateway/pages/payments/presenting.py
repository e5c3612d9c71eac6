"""From a payment, as the API tells it, to the receipt as it is printed."""

from gateway.pages.members.asking import RegisteredMember, shown_phone
from gateway.pages.members.views import Account
from gateway.pages.payments.asking import Payment, Told
from gateway.pages.payments.views import Receipt
from gateway.pages.qr import path_of
from services.kit.settings import kit_settings


def receipt_of(payment: Payment, member: RegisteredMember, account: Account, told: Told | None) -> Receipt:
    """The receipt of a payment, with the address at which anyone can check it."""
    code = payment.receipt.check_code
    check_url = f"{kit_settings().outside_url}/r/{code}"
    drawn = path_of(check_url)
    return Receipt(
        payment_id=str(payment.id),
        number=str(payment.receipt.number),
        amount=payment.amount,
        credit=payment.credit,
        value_on=payment.value_on,
        channel=payment.channel,
        member_id=str(payment.member_id),
        member_name=member.name,
        member_number=member.member_number,
        outstanding=account.due,
        check_code=code,
        check_url=check_url,
        qr_path=drawn.path,
        qr_size=drawn.size,
        is_reversed=payment.state == "reversed",
        phone=shown_phone(member.phone),
        sms_id=str(told.id) if told else None,
        sms_state=told.state if told else None,
    )
