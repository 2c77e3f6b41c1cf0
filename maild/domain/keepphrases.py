"""The ways people write the verbs about what is kept secret, kept at all, or erased; as in `phrases`."""

from maild.domain.verb import words

SEAL_ZH = words("保密|加密|列为保密|按保密处理|设为保密|对来信人保密|身份保密|加保密|作保密处理")
SEAL_EN = words("seal it|seal this|seal the case|seal this case|keep confidential|make confidential")
UNSEAL_ZH = words("解除保密|解密|取消保密|解封|撤销保密|申请解除保密|查看来信人身份|查看来信人姓名")
UNSEAL_EN = words("unseal it|unseal this|unseal the case|lift the seal|unseal reason")
ERASE_ZH = words(
    "删除个人信息|删除来信人信息|删除来信人个人信息|删除来信人的个人信息|清除个人信息|清除来信人信息|抹去个人信息|删除个人资料"
)
ERASE_EN = words(
    "erase it|erase this|erase the case|erase this case|erase the writer|erase the person|erase personal data"
    "|delete personal data|delete the personal data"
)
HOLD_ZH = words("保全|予以保全|保全此件|保全本件|保全本事项|依法保全|证据保全|诉讼保全")
HOLD_EN = words("legal hold|litigation hold|put on legal hold|place on legal hold|put on hold for legal reasons")
LIFT_ZH = words("解除保全|取消保全|撤销保全|解除本件保全")
LIFT_EN = words("lift hold|lift the hold|lift the legal hold|lift legal hold|release the legal hold|end the legal hold")
