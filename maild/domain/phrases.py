"""The ways people write each verb, zh and en, from phones and in haste; `verbs.py` says what each is (casework 5).

A form is matched on folded text at the beginning of a sentence, the longest first; `_PERHAPS` only asks back.
"""

from maild.domain.verb import words

_WE = ("", "我们", "我部", "我部门", "我们部门", "本部门", "部门", "我们部", "我这边", "我们这边", "我们自己", "自己")
CANNOT = tuple(f"{we}{deed}不了" for we in _WE for deed in ("解决", "处理", "协调") if we or deed == "解决") + tuple(
    f"{we}{deed}" for we in _WE if we for deed in ("搞不定", "无法解决", "没法解决", "无法处理")
)
"""解决不了, with whoever cannot."""

ROUTE_ZH = words(
    "改派|改派给|转|转办|转给|转交|转交给|转到|转至|转往|转派|转派给|派给|转送|转请|转由|转回|转呈|改转|批转|分给"
    "|分派给|承办|承办单位|承办部门|丢给|扔给|甩给|转一下|转下"
)
ROUTE_EN = words(
    "re-route|reroute|assign|reassign|re-assign|transfer|pass|hand|send|hand over|pass on|forward|please forward"
    "|redirect|refer|move|give|over|goes"
)
ROUTE_PERHAPS = words("this belongs|it belongs|推给|发给|归口|送|for|this is for|this one is for|belongs")
ACCEPT_ZH = words(
    "我们接手|我部接手|我方接手|我们接手处理|接|我来|这个我来|我们来|我部接收|我部受理|我们接收|接手|接收|接件"
    "|接办|接单|接下|接受|我接|我来接|我们接|我们来接|由我接|我部接|由我接手|我接手|我来接手|已接|已接手|已接收"
    "|我来处理|我们来处理|我来办|我们来办|我来跟|我们来跟|我来跟进|我们来跟进|这个我接|这件我接|此件我接|认领"
    "|我认领|受理"
)
ACCEPT_EN = words(
    "we'll take care of it|i'll take care of it|i'll take care of this|we'll take care of this|accepted|accepting"
    "|i accept|we accept|i'll take it|i will take it|i take it|we'll take it|we will take it|taking it"
    "|i'll take this|i'll take this one|we'll take this|i'll handle it|i'll handle this|we'll handle it"
    "|we'll handle this|taking this|taking this one|i will handle it|i will handle this|we will handle it"
    "|we will handle this|we will take this|i will take this|on it|i'm on it|we're on it|mine"
)
ACCEPT2_ZH = words("收到|已收到|收到了|收悉|已收|已阅")
ACCEPT2_EN = words(
    "acknowledged|ack|got it|received|message received|roger|noted, will handle|noted will handle|will do"
)
REPLY_ZH = words("答复|回复|答覆|回覆|回客户|告诉客户|告知客户|跟客户说|和客户说|答复如下|回复如下")
REPLY_EN = words("answer|respond|tell the customer|tell customer|tell the client|response")
NOTE_ZH = words("备注|内部备注|加备注|加个备注|备忘|内部备忘|仅内部|内部说明")
NOTE_EN = words("internal note|inside note|internal|internal only")
CONFIRM_ZH = words("确认|我确认|确认执行|确认无误|确认发送")
CONFIRM_EN = words("confirmed|i confirm|yes, confirm|yes confirm")
ASK_ZH = words(
    "问|询问|请补充|请客户补充|请来信人补充|请客户提供|请来信人提供|问客户|询问客户|问来信人|询问来信人"
    "|问一下客户|请对方补充|请投诉人补充|追问|反问客户|请您补充"
)
ASK_EN = words(
    "ask the customer|ask customer|question|question for the customer|ask the sender|ask back|ask the requester"
    "|ask the client"
)
RESOLVE_ZH = words(
    "结案|可以结案了|可以办结了|办结|了结|可以结案|申请结案|可以办结|结案申请|此件办结|关闭|结案吧|可结案"
)
RESOLVE_EN = words(
    "close|close it|close the case|close this case|close case|closing|resolved|we can close this|close this"
    "|close this one|case closed"
)
RESOLVE2_ZH = words("已完成|已办结|已经完成|完成了|已落实")
RESOLVE2_EN = words("completed")
TOLD_ZH = words(
    "已电话告知|已当面答复|已当面告知|已电话答复|已电话回复|已电话通知|已电话联系|已致电|已打电话告知"
    "|已打电话告诉|已经电话告知|已经当面答复|已微信告知|已短信告知|已口头答复|已口头告知|已书面答复|已去电告知"
    "|已当面说明|已电话说明|已回电|已上门告知|已面告"
)
TOLD_EN = words(
    "told the customer|told customer|told her|told him|told them|informed the customer|informed by phone"
    "|told by phone|i called the customer|called the customer|phoned the customer|told the customer by phone"
    "|called her|called him|spoke to the customer|i told the customer"
)
PLAN_ZH = words("计划|纳入计划|列入计划|纳入改进计划|排入计划|排进计划|列入改进计划|进计划")
PLAN_EN = words(
    "planned|planned for|plan for|put into the plan|add to the plan|put on the plan|add to plan|schedule for"
    "|scheduled for"
)
EXTEND_ZH = words(
    "申请展期|申请顺延|申请宽限|请求展期|延期|申请延期|请求延期|延长|展期|延期至|宽限|再宽限|要求延期|需要延期"
    "|需延期|申请延长|延后|顺延|请批准延期|我申请延期|我们申请延期|我部申请延期"
)
EXTEND_EN = words(
    "extension|extend to|extend by|extend until|extend till|need extension|need an extension|request extension"
    "|request an extension|please extend|extend the deadline|extend deadline|extension to|extension until"
    "|extension of"
)
EXTEND_PERHAPS = words("再给|再给我|再给我们|还需要|还要|需要再|i need|we need|need|i need another|we need another")
HAND_UP_ZH = (
    words(
        "上报|请上级协调|请上级解决|请求上级协调|请领导协调|请上级定|请领导定夺|请上级定夺|请领导决定|请上级决定"
        "|需上级协调|需要上级协调|需领导协调|需要领导协调|报上级|上报领导|请上级处理|请领导处理|上交|提请上级|往上报"
        "|报上级协调|请上级支持|请上级领导协调|请公司协调|请领导出面|请上级出面|请领导拍板|请上级拍板|请领导支持|请公司领导协调"
    )
    + CANNOT
)
HAND_UP_EN = words(
    "hand up|escalate|escalate it|escalate this|escalate to the gm|handing up|hand it up|hand this up"
    "|please escalate|we can't solve this|we cannot solve this|can't solve this|cannot solve this"
    "|we can't solve it|we cannot solve it|beyond our authority|above our authority|hand-up"
)
TYPE_ZH = words(
    "是反馈|这是反馈|属于反馈|分类|应为|类型|类别|改类|分类为|分类改为|类别改为|类型改为|类别应为|改为|这是"
    "|这属于|属于|应归为|应属|应属于|应该是|应该算|应该属于|应归类为|归类为|改成|应当是|重新分类|归为"
)
TYPE_EN = words(
    "this is feedback|it is feedback|feedback|reclassify as|reclassify|should be|classify as|type is|category"
    "|this is|change type to|set type to|change the type to"
)
URGENCY_ZH = words(
    "加急|特急|普通|加急件|特急件|改为加急|改为特急|改为普通|按加急|按特急|设为加急|设为特急|设为普通|按普通"
    "|紧急程度|普通件|标为加急|标为特急|十万火急|改成加急|改成特急|改成普通|降为普通"
)
URGENCY_EN = words(
    "urgent|critical|make it urgent|mark as urgent|mark urgent|mark it urgent|mark as critical|make this urgent"
    "|set urgency to|set urgency|set to urgent|very urgent|priority|raise urgency to|lower urgency to"
    "|set priority to"
)
JOIN_ZH = words(
    "会办|协办|配合|会同|请会办|协办单位|会办单位|协助单位|配合单位|协办部门|会办部门|配合部门|增加会办|增加协办|加会办"
)
JOIN_EN = words("join with|add|co-handler|co-handlers|together with|assisted by|involve")
LEAD_ZH = words("主办|牵头|主办单位|牵头单位|主办部门|牵头部门")
LEAD_EN = words("lead is|lead unit|leader")
MERGE_ZH = words("合并|并入|合并到|合并至|合并进|并到|并案|合并案件")
MERGE_EN = words("merge with|merge into|merge to|merge this with|merge this into|merge it with|merge it into")
LINK_ZH = words("关联|并关联|同时关联|关联到|链接到|挂到|关联至|关联案件")
LINK_EN = words("link to|link with|link this to|link this with|link it to")
SPLIT_ZH = words("拆分|拆开|拆出|移出|分拆|拆成两件|分成两件|拆分成两件|拆分为两件")
SPLIT_EN = words("split it|split this|split the case|split this case")
ADOPT_ZH = words("采纳|予以采纳|可采纳|决定采纳|同意采纳|采纳建议|采纳该建议|建议予以采纳|采用")
ADOPT_EN = words("adopted|we adopt|adopt it|adopt this|adopt the suggestion")
REJECT_ZH = words("不采纳|不予采纳|暂不采纳|不采用|未采纳|不能采纳|暂不予采纳")
REJECT_EN = words("not adopted|rejected|reject it|reject this|do not adopt|don't adopt|not adopt")
UPHELD_ZH = words(
    "属实|情况属实|投诉属实|经查属实|举报属实|经核查属实|经核实属实|经调查属实|基本属实|反映属实|调查属实"
    "|查证属实|反映情况属实|投诉情况属实|经查情况属实|经查投诉属实"
)
UPHELD_EN = words("substantiated|found true|complaint upheld|founded")
UNFOUNDED_ZH = words(
    "不属实|情况不属实|投诉不属实|经查不属实|查无实据|经查无实据|举报不属实|经核查不属实|经调查不属实|反映不属实"
    "|经核实不属实|反映情况不属实|不成立|投诉不成立|举报不成立"
)
UNFOUNDED_EN = words("not substantiated|not upheld|unsubstantiated|not founded|found untrue")
MALICIOUS_ZH = words(
    "恶意|恶意投诉|恶意举报|属恶意投诉|属恶意举报|认定恶意|认定为恶意|建议认定恶意|经查属恶意|系恶意诬告|恶意诬告|经查系恶意诬告"
)
MALICIOUS_EN = words("malicious complaint|found malicious|malicious report|malice")
APPROVE_ZH = words(
    "准予延期|同意延长|批准|同意|准|准了|可以|行|同意延期|批准延期|我同意|照准|没意见|无意见|没问题|同意了|可"
    "|同意发布|同意下发|准予|予以批准|予以同意|同意办理|批了|原则同意"
)
APPROVE_EN = words(
    "approved|ok|okay|yes|agreed|agree|i approve|i agree|fine|granted|go ahead|approve it|yes please|ok with me"
    "|fine with me|fine by me|ok approved"
)
DECLINE_ZH = words(
    "不批准|不同意|不行|不可以|不准|不批|不予批准|不予同意|不同意延期|不批准延期|不能延期|我不同意|驳回|否决|不可"
    "|暂不同意|暂不批准|不予延期|不延期|不放行|暂不放行|先不放行|不予放行|不能放行"
)
DECLINE_EN = words(
    "declined|no|not approved|rejected|denied|reject|i disagree|disagree|not agreed|refused|deny|no extension"
    "|not granted|do not release|don't release|withhold|withhold it|hold it back|not released"
)
INSTRUCT_ZH = words("批示|督办意见|领导批示|批示意见|督办|督办要求|督办指示|指示|我的批示")
INSTRUCT_EN = words("instruction|instructions|i instruct|my instruction")
CIRCULATE_ZH = words("下发|下发给|印发|下发至|下发到")
CIRCULATE_EN = words("circulate to|distribute|distribute to|circulate this to|send out to|pass down to")
RECEIVED_ZH = words("收到|已收到|收到了|收悉|已收|已阅|知悉|已知悉")
RECEIVED_EN = words("got it|receipt confirmed|noted|message received|roger|acknowledged|confirmed receipt")
STUDIED_ZH = words("已学习|学习完毕|已组织学习|已学习完毕|已完成学习|已经学习|学习了|学习完成|已集中学习")
STUDIED_EN = words("studied it|read and studied|we studied it|we have studied it|studied with the team")
RELAYED_ZH = words(
    "已传达|已转达|已传达到位|传达完毕|已经传达|已下达|已完成传达|传达完成|早会已传达|已在早会传达|已向全员传达"
    "|已传达完毕|班前会已传达|今天已传达|已组织传达|已全部传达|已逐级传达|传达到位"
)
RELAYED_EN = words(
    "passed on|relayed to|passed it on|we have relayed|relayed to the team|relayed it|passed down|communicated to"
    "|shared with the team|briefed"
)
DONE_ZH = words(
    "已落实|已完成|已办结|已执行|已经落实|已经完成|落实完毕|执行完毕|已全部落实|已落实到位|已全部完成|全部完成"
    "|已按要求落实|已执行完毕|完成了"
)
DONE_EN = words("completed|implemented|carried out|all done|it's done|we're done|finished|done and dusted")
RECORD_ZH = words("记录|会议纪要|走访记录|电话记录|来访记录|谈话记录|会议记录|纪要|通话记录|登记")
RECORD_EN = words(
    "minutes|visit record|call record|meeting minutes|record of call|record of visit|call note|visit note|phone record"
)
FOLLOWERS_ZH = words("抄送|取消抄送|抄送给|加抄送|增加抄送|抄给|不再抄送|停止抄送|抄报|去掉抄送")
FOLLOWERS_EN = words(
    "cc|copy|add follower|add followers|drop follower|remove follower|stop copying|uncc|cc to|copy to|remove cc"
    "|drop cc|copy in"
)
REMIND_ZH = words("催办|催一下|请催办|催促|催催|再催一下|催一催|帮忙催一下|帮我催一下|请催一下|催一次")
REMIND_EN = words(
    "reminder|chase|chase them|send a reminder|please remind|remind them|nudge|chase it|chase this"
    "|remind the handler|please chase"
)
WITHDRAW_ZH = words(
    "撤回投诉|撤回来信|不投诉了|我要撤回投诉|撤诉|撤销投诉|我不投诉了|我撤回投诉|取消投诉|申请撤回投诉"
    "|我想撤回投诉|投诉撤回|撤回举报|撤回建议|撤回反馈|不追究了|我撤回|申请撤诉"
)
WITHDRAW_EN = words(
    "withdraw my complaint|i withdraw|i withdraw my complaint|withdraw the complaint|withdrawn"
    "|cancel my complaint|i want to withdraw my complaint|i'd like to withdraw my complaint"
    "|please withdraw my complaint|please cancel my complaint"
)
SATISFIED_ZH = words(
    "满意|很满意|非常满意|比较满意|十分满意|挺满意|满意的|我满意|我很满意|对处理结果满意|对处理很满意"
    "|处理得很满意|对结果满意|对答复满意|对处理结果很满意|解决了"
)
SATISFIED_EN = words(
    "very satisfied|i am satisfied|i'm satisfied|we are satisfied|solved|yes, solved|happy with it|i'm happy"
    "|very happy|it's solved|problem solved|completely satisfied"
)
DISSATISFIED_ZH = words(
    "不满意|很不满意|非常不满意|不太满意|不是很满意|我不满意|对结果不满意|对处理结果不满意|极不满意|对答复不满意"
    "|没解决|没有解决|不怎么满意|十分不满意|对处理不满意"
)
DISSATISFIED_EN = words(
    "not satisfied|unsatisfied|i am not satisfied|i'm not satisfied|not happy|not solved|we are not satisfied"
    "|very dissatisfied|i'm not happy|unhappy|i am dissatisfied|no, not solved"
)
CORRECT_ZH = words("责令整改|限期整改|责令限期整改")
CORRECT_EN = words("correction order|order to correct")
RECTIFIED_ZH = words(
    "整改情况|整改报告|整改结果|整改答复|整改回复|已整改|已经整改|整改完成|已完成整改|整改完毕|整改如下|整改情况如下"
)
RECTIFIED_EN = words("rectification|correction report|corrected as ordered|rectified as follows|put right")
CORRECTION_ZH = words("更正|更正如下|勘误")
CORRECTION_EN = words("correction to my answer|corrected answer|erratum")
UNDO_ZH = words(
    "撤销|撤回|撤销上一条|撤回上一条|撤销上条|取消刚才的操作|撤销刚才的操作|撤回刚才的答复|撤销刚才的|取消上一条"
    "|撤回答复|撤回刚才的|撤销刚才的答复|撤销刚才的指令|撤回刚才的指令|撤销答复"
)
UNDO_EN = words("undo it|undo that|undo this|cancel that|revert|take it back|undo please|revert that")
SEND_ANYWAY_ZH = words("仍然发送|仍发送|照发|仍然发|直接发送|坚持发送|仍要发送|就这样发")
SEND_ANYWAY_EN = words("send anyway|send it anyway|send as is|send as it is")
FEEDBACK_ZH = words("是反馈|这是反馈|按反馈办理|按反馈受理")
FEEDBACK_EN = words("this is feedback|is feedback|feedback")
POLITE_ZH = words("客气话|一句客气话|回客气话|回一句客气话|礼貌回复")
POLITE_EN = words("one polite sentence|polite sentence|polite reply")
BLOCK_ZH = words("屏蔽|屏蔽30天|屏蔽发件人|屏蔽来信人|屏蔽该发件人|屏蔽发件人30天|屏蔽来信人30天")
BLOCK_EN = words(
    "block sender|block the sender|block this sender|block sender 30 days|block sender for 30 days|block for 30 days"
)
UNBLOCK_ZH = words("解除屏蔽|取消屏蔽|不再屏蔽")
UNBLOCK_EN = words("unblock sender|unblock the sender")
ATTACHMENT_ZH = words(
    "附件|要附件|发附件|请发附件|看附件|取附件|给我附件|发我附件|把附件|全部附件|所有附件|要全部附件|发全部附件|要所有附件|发所有附件|发我全部附件"
)
ATTACHMENT_EN = words(
    "attachments|send attachment|send attachments|send me attachment|send me attachments|send the attachment"
    "|send the attachments|send me the attachment|send me the attachments|get attachment|fetch attachment"
    "|all attachments|all the attachments|send all attachments|send me all attachments|send me all the attachments"
)
RELEASE_ZH = words("放行|解除隔离|予以放行")
RELEASE_EN = words("release it|let it through|release this")
ABSTRACT_ZH = words("摘要|改发摘要|只发摘要|发摘要|摘要如下|改为摘要|改成摘要")
ABSTRACT_EN = words("send abstract|send this abstract|the abstract|send an abstract instead|summary")
SHORTEN_ZH = words("删|删去|删除|删掉|去掉|删一下|不发")
SHORTEN_EN = words("delete|cut|leave out|take out|delete paragraph|delete paragraphs|cut paragraph|leave out paragraph")
ORIGINAL_ZH = words("看原件|查看原件|原件|看原文|调原件")
ORIGINAL_EN = words("see original|show original|see the original|show the original|original mail")
PRINT_ZH = words("处理单|打印处理单|要处理单|发处理单|打印|出处理单")
PRINT_EN = words("case sheet|handling sheet|print it|print sheet|send the sheet|print the case")
ON_BEHALF_ZH = words("代录|代客户登记|代登记|代顾客登记")
ON_BEHALF_EN = words("on behalf of|recorded for")
STATUS_ZH = words("状态|进度|查状态|查进度|查询状态|查询进度|进展|办理进度|办理状态|查一下进度|查看状态|查看进度")
STATUS_EN = words("status please|status update|progress|check status|what is the status|what's the status")
HELP_ZH = words("帮助|使用帮助|怎么用|使用说明|指令帮助")
HELP_EN = words("commands|usage")
SEARCH_ZH = words("查|搜索|查找|检索|查询|搜|搜一下")
SEARCH_EN = words("search for")
AWAY_ZH = words(
    "外出|出差|休假|请假|年假|我外出|我出差|我休假|本人外出|本人出差|本人休假|休年假|我请假|将休假|我将外出|我将出差"
)
AWAY_EN = words(
    "away from|on leave|out of office|i'm away|i am away|i will be away|i'll be away|on vacation|on holiday"
    "|leave from|business trip|i'll be on leave"
)
REPLY_ALL_ZH = words("答复全部|全部答复|回复全部|答复所有来信人|答复全部来信人|统一答复")
REPLY_ALL_EN = words("reply all|reply to all|answer all")
FORWARD_ZH = words("转外部|外转|转外单位|转外部单位")
FORWARD_EN = words("forward to|forward outside|forward it to|forward this to|please forward to|send outside")
WITHDRAW_PERHAPS = words("撤回|撤销|算了不投诉了|cancel|withdraw it")
URGENCY_PERHAPS = words("紧急|急件|很急")
CIRCULATE_PERHAPS = words("发至|下达|传达给")
APPROVE_PERHAPS = words("好的|好|没事|行吧")
PUBLISH_ZH = words("公示|予以公示|对外公示|公开答复|予以公开")
PUBLISH_EN = words("publish|publish it|publish this|publish the answer")
UNPUBLISH_ZH = words("撤下公示|取消公示|撤销公示|撤回公示")
UNPUBLISH_EN = words("unpublish|take it down|take down the publication")
CHARGE_ZH = words("记入台账|记台账|计入台账|提请考核|提请处罚")
CHARGE_EN = words("enter in the ledger|put in the ledger|ledger entry")
