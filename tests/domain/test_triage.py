"""What triage says of a mail: the sentences of the label rules, each as a mail."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from maild.domain.policy import NOT_FEEDBACK
from maild.domain.sender import Sender
from maild.domain.triage import classify
from maild.domain.verdict import Writing
from tests.domain.triage_desk import (
    CONSUMER,
    CORPUS,
    GM,
    HEAD,
    PARTNER,
    PRIVATE,
    STAFF,
    corpus,
    index,
    judged,
    policy,
    say,
)


@pytest.mark.parametrize(
    ("author", "text", "kind"),
    [
        (GM, "各部门：下周起周报改为每月一次，请传达到每位员工，严格执行。", "directive"),
        (HEAD, "我们二车间的三号注塑机又停机了，备件两周没到，订单要误期。部门解决不了，请公司出面协调。", "operational-problem"),
        (STAFF, "建议在装卸口加一面镜子，叉车转弯看得见人，一面一百来块，能省不少事。", "staff-suggestion"),
        (STAFF, "组长把夜班全排给我，调休也不批，找他说他就骂人。请公司管管。", "staff-complaint"),
        (STAFF, "采购员收供应商的回扣，每月按货款百分之二打到他表弟账户，请审计查一下。", "staff-report"),
        (HEAD, "占营收三成的大客户明年可能不续约，竞争对手给了更长账期，需要总经理亲自出面决定对策。", "important-issue"),
        (HEAD, "退货到底由客服验还是仓库验，两个部门意见不一致，谈了三次没有结论，请上级裁定归属。", "unit-dispute"),
        (STAFF, "上个月我向总经理反映食堂的问题，之后主任就把我调去搬货，还扣了我的奖金。", "retaliation"),
        (STAFF, "按任务单走查退货流程，共12步，通过9步，失败3步，平均耗时6分钟，评分表附后。", "experience-test"),
        (CONSUMER, "收到的水壶是碎的，联系客服三天没人理，请退款。", "customer-complaint"),
        (CONSUMER, "壶很好用，希望能增加童锁功能，再出个大字版说明书。", "customer-suggestion"),
        (CONSUMER, "用了半年，总体满意，就是声音有点大。只是说说感受，不用回复。", "customer-opinion"),
        (CONSUMER, "企业贷款当天放款，利率低至三厘，加微信免费咨询，退订回T。", "not-feedback"),
        (CONSUMER, "在吗", "unclassified"),
    ],
)  # fmt: skip
def test_every_type_is_told(author: str, text: str, kind: str) -> None:
    """A plain mail of each type is told."""
    assert say(text, author).type == kind


def test_words_in_the_subject_do_not_decide() -> None:
    """The text decides, whatever the subject calls itself."""
    found = say("二号打印机坏了两天，面单打不出来，货发不出去，请尽快派人维修。", subject="投诉举报建议")
    assert found.type == "operational-problem"


def test_an_order_about_retaliation_stays_an_order() -> None:
    """A rule about feedback is a directive."""
    text = "各单位：任何人不得打听是谁写的信，不得因提意见扣绩效、调岗。请各部门今天传达到班组，违者严肃处理。"
    assert say(text, GM).type == "directive"


def test_an_ordered_test_is_a_directive() -> None:
    """Ordering a test is no finding of one."""
    text = "各部门负责人：12月组织体验月，各门店互相暗访打分，结果报总经办，请今日传达。"
    assert say(text, GM).type == "directive"


def test_criticism_with_a_proposal_is_a_suggestion() -> None:
    """A concrete proposal is a suggestion even when it opens with a grievance."""
    text = "天天找料找得烦死了。建议按区分货架、贴颜色标签，系统里维护库位，能省一半时间。"
    assert say(text).type == "staff-suggestion"


def test_a_person_pushed_about_complains() -> None:
    """Who wants a right of his own complains, though two units push him to and fro."""
    text = "试用期到了没人给我转正，生产部说等人力，人力说等生产部，互相推，损失的是我。请补发工资差额。"
    assert say(text).type == "staff-complaint"


def test_the_word_report_makes_no_report() -> None:
    """举报 without wrongdoing is a complaint."""
    assert say("我要举报我们主管，天天骂人，下班还拉着开会到八九点，求领导管管。").type == "staff-complaint"


def test_politely_put_wrongdoing_is_a_report() -> None:
    """Wrongdoing is a report even when it calls itself a suggestion."""
    text = "建议公司查一查废铜，每次过磅都少三成，晚上用亲戚的车拉走卖掉，钱进了保管员口袋。"
    assert say(text).type == "staff-report"


def test_a_former_employee_may_report() -> None:
    """Staff who write from a private address are staff."""
    text = "我去年已离职，原来在财务部做出纳，经理让我把一家公司的假发票拆成十几张入账，每年八十万。"
    found = say(text, PRIVATE)
    assert (found.type, found.sender_role) == ("staff-report", "staff")


def test_a_partner_may_report() -> None:
    """A supplier from whom a buyer asks favours reports wrongdoing."""
    text = "贵司采购员要求我司每月把货款的百分之三打到他个人账户，不给就压单，请调查。"
    assert say(text, PARTNER).type == "staff-report"


def test_retaliation_needs_the_link() -> None:
    """Harshness without earlier feedback is a complaint, with it retaliation."""
    harsh = "班长当着全班骂我，把手套甩我脸上，还把我调到最累的岗位。"
    assert say(harsh).type == "staff-complaint"
    assert say("我上个月写信反映过超载的事，之后" + harsh).type == "retaliation"


def test_obstruction_of_feedback_is_retaliation() -> None:
    """A locked box is retaliation, whoever tells it and however calmly."""
    text = "意见箱被行政部锁起来了，贴了张纸说先找部门领导签字再投，谁投都要登记工号。"
    assert say(text).type == "retaliation"


def test_retaliation_wins_whoever_writes() -> None:
    """A dealer cut off after a complaint suffers retaliation."""
    text = "我司投诉区域经理之后，他就停了我们的发货，放话让我们先把投诉撤了再说，请总部处理。"
    assert say(text, PARTNER).type == "retaliation"


def test_danger_going_on_is_critical() -> None:
    """Danger now is critical, however calmly it is reported."""
    text = "屋面钢梁根部裂缝又变宽了，底下有三十多个人在干活，要赶紧把人撤开，请公司马上定。"
    found = say(text)
    assert found.urgency == "critical"


@pytest.mark.parametrize(
    ("author", "text", "urgency"),
    [
        (STAFF, "我反映过食堂的问题，之后组长就把我调去搬货。", "high"),
        (STAFF, "仓库组长总摸我的腰，这是性骚扰，我很害怕，不想和他一个班。", "high"),
        (CONSUMER, "加湿器昨晚突然冒烟起火，床头柜烧了个洞，请马上派人来。", "critical"),
        (CONSUMER, "用了半年总体满意，声音有点大，只是说说感受。", "low"),
        (CONSUMER, "企业贷款当天放款，加微信免费咨询！！！十万火急！", "low"),
        (STAFF, "建议食堂增加一个素食窗口，菜谱提前一周发群里。", "normal"),
    ],
)
def test_urgency_follows_facts(author: str, text: str, urgency: str) -> None:
    """Facts count, not punctuation; retaliation is never under high, set-aside mail always low."""
    assert say(text, author).urgency == urgency


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("储罐一直往外喷酸雾，值班室电话没人接，操作台边上还站着人。", "critical"),
        ("反应釜压不下来，按急停不起作用，就我一个人在，不敢靠近。这不是演练。", "critical"),
        ("信息科的老李把会员名单卖给做贷款的，一条两毛，现在还在卖。", "critical"),
        ("The tank is fuming and two people are dizzy. Nobody answers the emergency line.", "critical"),
        ("昨天的消防演练，浓烟弹放早了，有两人还在楼里打电话，广播要修。", "normal"),
        ("去年那次漏氨以后换的阀门手轮锈住了，建议下个月检修时换掉。", "normal"),
        ("楼梯护栏焊缝裂了一半，人一靠就晃，等焊工等了四天。", "high"),
    ],
)
def test_danger_now_is_told_from_danger_over(text: str, urgency: str) -> None:
    """What hurts people, that it goes on now, and a call for help make it critical together; what is over does not."""
    assert say(text).urgency == urgency


def test_critical_mails_are_found() -> None:
    """Of the mails whose label is critical at least 9 of 10 are found, and most of what is called critical is so."""
    mails = [mail for path in sorted(CORPUS.parent.glob("written-*.jsonl")) for mail in corpus(path.stem)]
    labelled = [mail for mail in mails if mail["urgency"] == "critical"]
    said = [mail for mail in mails if judged(mail).urgency == "critical"]
    found = [mail for mail in said if mail in labelled]
    assert len(labelled) > 30
    assert len(found) >= 0.9 * len(labelled), [mail["id"] for mail in labelled if mail not in found]
    assert len(found) >= 0.75 * len(said), [mail["id"] for mail in said if mail not in found]


def test_a_settled_complaint_is_an_opinion() -> None:
    """What is settled and told as background wants nothing."""
    text = "先说明不是投诉，上次漏水你们已经给换了新的，处理得挺快。只是觉得现在的东西不如以前经用。"
    assert say(text, CONSUMER).type == "customer-opinion"


def test_irony_is_still_a_complaint() -> None:
    """Irony does not change a complaint."""
    text = "你们的物流真棒，同城快递走了九天，箱子还是湿的。给我换一台，谢谢啊。"
    assert say(text, CONSUMER).type == "customer-complaint"


def test_recorded_calls_are_the_customers() -> None:
    """A call recorded by customer service is the customer's; the kind follows whose feedback it is."""
    text = "【代录】顾客王女士来电：说明书字太小，老人看不清，希望出大字版。"
    found = say(text, "tang.ning@corp.example", subject="转：顾客来电建议")
    assert (found.type, found.customer_kind, found.sender_role) == (
        "customer-suggestion",
        "consumer",
        "customer-service",
    )


def test_a_forwarded_original_is_the_matter() -> None:
    """One line above a forwarded mail hands it on; the original is judged, and its writer is a partner."""
    quoted = (
        "FYI and please handle.\n---------- Forwarded message ---------\nFrom: Camila <camila@partner-andes.example>\n"
        "Subject: disappointed\n\nFor the third time the confirmed price was changed after we printed the catalogue. "
        "We expect a credit note and an apology."
    )
    found = say("FYI and please handle.", STAFF, subject="Fwd: disappointed", quoted=quoted)
    assert (found.type, found.customer_kind) == ("customer-complaint", "partner")


def test_an_order_above_a_forwarded_mail_is_an_order() -> None:
    """What the general manager writes above a forwarded mail decides."""
    quoted = "各位负责人，见下，周五前把分解表交财务部，当天传达。\n\n发件人: 顾客 <a@mail-q.example>\n主题: x\n\n壶坏了，退款"
    found = say("各位负责人，见下，周五前把分解表交财务部，当天传达。", GM, subject="转发: x", quoted=quoted)
    assert found.type == "directive"


def test_customer_kind_is_null_for_other_types() -> None:
    """Only the three customer types have a kind."""
    assert say("建议食堂增加一个素食窗口。").customer_kind is None


def test_what_may_be_feedback_is_not_set_aside() -> None:
    """In doubt it is feedback: no labelled feedback of the corpus is set aside."""
    wrongly = [mail["id"] for mail in corpus() if mail["type"] != NOT_FEEDBACK and judged(mail).type == NOT_FEEDBACK]
    assert wrongly == []


def test_set_aside_mail_is_not_acknowledged() -> None:
    """Only set-aside mail goes without acknowledgement."""
    assert not say("代开各地发票，点数优惠，可先验后付，加微信。", CONSUMER).acknowledge
    assert say("壶漏水，请退款。", CONSUMER).acknowledge


@pytest.mark.parametrize("kind", ["staff-complaint", "staff-report", "retaliation"])
def test_protected_types_are_confidential(kind: str) -> None:
    """Protected types are confidential from the first day (P3.5.7)."""
    assert policy().type(kind).confidential


def test_who_asks_for_secrecy_gets_it() -> None:
    """A suggestion whose writer does not want to be named is confidential."""
    found = say("我不方便留名。建议举报奖金改成购物卡单独给，工资条上不要出现。")
    assert (found.type, found.confidential) == ("staff-suggestion", True)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("我要投诉采购部主管黎军，他天天骂人，还不批我的假，请人力资源部介入。", ("采购部主管黎军",)),
        ("赵卫东经理退回了我的假条。我当面去说，赵卫东骂我娇气。", ("赵卫东",)),
        ("市场部韩主管每天下班前开会骂人，求领导管管。", ("韩主管",)),
        ("My line manager Grace Lau shouts at me and refused my leave. I would like HR to step in.", ("Grace Lau",)),
        ("加班费三个月没发，问人力资源部，人力资源部每次都说在核，后来不接电话。", ("人力资源部",)),
    ],
)
def test_names_are_those_complained_of(text: str, names: tuple[str, ...]) -> None:
    """People and units are named as written, without titles behind a full name and without who is asked to help."""
    assert say(text).names == names


def test_the_sender_and_the_greeted_are_not_named() -> None:
    """Greeting and signature name nobody."""
    text = "周敏经理，您好：\n财务窗口出纳小武一边刷视频一边让我等着，还把单子扔出来。\n汤丽娜"
    assert say(text, "tang.lina@corp.example", name="汤丽娜").names == ("出纳小武",)


def test_a_dispute_names_the_other_units() -> None:
    """In a dispute the units other than the sender's own are named."""
    text = "退货验收到底归谁？物流部认为归生产部，我们生产部认为归物流部，谈不拢，请吴总裁定。"
    assert say(text, HEAD).names == ("物流部",)


def test_a_suggestion_names_nobody() -> None:
    """Types that accuse nobody have no names."""
    assert say("建议请采购部黎军主管试用双面打印，一年省几万。").names == ()


@pytest.mark.parametrize(
    ("text", "crisis"),
    [
        ("再不发工资我就从楼上跳下去，真的活不下去了。", "self-harm"),
        ("你再扣我工资，我就和你们同归于尽。", "threat"),
        ("記者致電門市查詢爆裂事件，週五刊登。", "press"),
        ("My lawyer will file suit: legal action within 7 days unless you pay my overtime.", "lawyer"),
    ],
)
def test_crisis_words_raise_urgency(text: str, crisis: str) -> None:
    """Crisis words are told in simplified, traditional and English, and the urgency is at least high."""
    found = say(text)
    assert crisis in found.crisis
    assert found.urgency in {"high", "critical"}


def test_missing_points_are_asked_for() -> None:
    """A vague suggestion lacks where and how; a detailed complaint lacks nothing."""
    assert "how" in say("建议公司多关心一线员工，提高凝聚力。").missing
    full = "昨天上午在财务部，出纳小武让我等了半小时还扔单子骂人，有监控录像可以查，照片附后，请管管。"
    assert say(full).missing == ()


@pytest.mark.parametrize("greeting", ["你好，", "总经理好：", "尊敬的陈总：", "Hello, "])
def test_the_summary_leaves_the_greeting_out(greeting: str) -> None:
    """A greeting in the matter's own sentence is no part of the summary."""
    assert say(f"{greeting}订单 251108-33190 的破壁机9天没有物流信息。").summary.startswith("订单")


def test_the_summary_leaves_out_who_is_addressed() -> None:
    """A line that only says to whom it goes, or that something follows, is no summary, whatever words stand in it."""
    said = say("各部门负责人：\n经总经理办公会研究，决定11月28日进行年末盘点，请今天传达到班组。").summary

    assert said.startswith("经总经理办公会研究")


def test_a_demand_is_summed_up_with_what_it_is_about() -> None:
    """要求换新并道歉 could stand in any letter: the order that it is about stands before it."""
    said = say("您好！订单8100085的吸尘器收到就是坏的，底座开裂漏水。要求换新并道歉，请尽快答复。").summary

    assert said == "订单8100085的吸尘器收到就是坏的，底座开裂漏水；要求换新并道歉，请尽快答复"


def test_the_summary_is_the_matter() -> None:
    """The summary is the sentence that carries the matter, at most 60 characters, never the greeting."""
    text = "尊敬的陈总：\n您好！\n二号注塑机从周一起停机，每天少产3200件。\n请尽快派人维修。\n谢谢！"
    summary = say(text).summary
    assert "3200" in summary
    assert len(summary) <= 60


def test_an_unsure_verdict_is_unclassified_with_three_choices() -> None:
    """Under the threshold a mail is unclassified and the three likeliest types are offered."""
    unsure = replace(policy(), threshold=0.999)
    found = classify(Writing(subject="", text="灯坏了，建议换。", author_address=STAFF), unsure, _sender())
    assert found.type == "unclassified"
    assert len(found.alternatives) == 3


def test_hits_and_misses_are_recorded() -> None:
    """A verdict says which rules of its type spoke, in the words of the mail, and which did not."""
    found = say("三号空压机跳闸，六台机跟着停，请领导催一下。")
    spoke = {reason.rule for reason in found.reasons}
    rules = {rule.id for rule in policy().rules if rule.votes_for == f"type/{found.type}"}
    assert any(reason.text in "三号空压机跳闸，六台机跟着停，请领导催一下。" for reason in found.reasons)
    assert spoke | set(found.misses) >= rules
    assert not spoke & set(found.misses)


def test_the_corpus_is_understood() -> None:
    """Of this project's own labelled mails at least 95 of 100 are told, every report and retaliation among them."""
    mails = corpus()
    wrong = [(mail["id"], mail["type"], said) for mail in mails if (said := judged(mail).type) != mail["type"]]
    assert len(wrong) <= len(mails) * 0.05, wrong
    assert not [one for one in wrong if one[1] in {"retaliation", "staff-report"}]


def test_unseen_mails_are_understood() -> None:
    """Of mails that nothing was written after, most are told; told by figures alone, so that nobody tunes on them."""
    pairs = [(mail["type"], judged(mail).type) for mail in corpus("third-hand")]
    right = sum(kind == said for kind, said in pairs)
    assert right >= 0.9 * len(pairs)
    assert not sum(said == NOT_FEEDBACK != kind for kind, said in pairs)


@pytest.mark.parametrize(("kind", "least"), [("retaliation", 0.9), ("staff-report", 0.9)])
def test_what_must_not_be_missed_is_found_unseen(kind: str, least: float) -> None:
    """Revenge and wrongdoing told in a roundabout way are found, and at most every fifth alarm is a false one."""
    pairs = [(mail["type"], judged(mail).type) for mail in corpus("third-hand")]
    labelled = sum(label == kind for label, _ in pairs)
    said = sum(found == kind for _, found in pairs)
    right = sum(label == kind == found for label, found in pairs)
    assert right >= least * labelled
    assert right >= 0.8 * said


def test_danger_is_found_unseen() -> None:
    """Danger that goes on now is found in mails no rule was written after, and at most every fifth alarm is false."""
    kept = [mail for mail in corpus("fourth-hand") if int(mail["id"][-3:]) % 2 == 0]
    pairs = [(mail["urgency"] == "critical", judged(mail).urgency == "critical") for mail in kept]
    right = sum(meant and said for meant, said in pairs)
    assert right >= 0.9 * sum(meant for meant, _ in pairs)
    assert right >= 0.8 * sum(said for _, said in pairs)


@pytest.mark.parametrize(
    ("text", "critical"),
    [
        ("冷库从下午三点就不制冷了，疫苗再过两个小时就全报废，维修电话打不通。", True),
        ("三号宿舍的消防门用铁链锁着，里面每天睡着八十个人，保安说怕人偷东西。", True),
        ("刚才师傅的手卷进机器，还夹在里头，出不来。", True),
        ("有个同事站在楼顶上哭，叫她也不下来。", True),
        ("There is a man with a knife in the lobby, the receptionist is locked in the office right now.", True),
        ("昨夜变压器着火，十分钟扑灭，没有人受伤，已经恢复供电，请采购两个电缆头。", False),
        ("建议给每个车间配急救箱，去年隔壁厂触电死了人，就是没人会救。", False),
        ("周五三点消防演练，模拟车间起火、有人受伤、氨泄漏，请各部门传达。", False),
        ("工资太低，真的活不下去了。", False),
        ("The fire drill went well, the smoke machine worked, everyone was out in four minutes.", False),
    ],
)
def test_danger_is_told_by_its_story(text: str, critical: bool) -> None:
    """Danger now is critical; danger that is over, only feared, elsewhere or played is not."""
    assert (say(text).urgency == "critical") is critical


@pytest.mark.parametrize("told", ["把我调去仓库，扣我奖金，不让我参加培训。", "经常骂人，让我们周末加班还不给调休。"])
def test_a_name_does_not_sway_the_type(told: str) -> None:
    """Whoever is complained of, and wherever the post stands beside the name, the type is the same."""
    names = ("经理高翔", "高翔经理", "主管王强", "王强主管", "经理刘洋")
    assert {say(name + told).type for name in names} == {"staff-complaint"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("三月我举报过班长虚报工时，查实了。四月换了新班长。五月起我一个人上夜班，问就说轮到我了。", "retaliation"),
        ("车间排夜班一直只排我一个人，问了两次，说轮到我了。", "staff-complaint"),
        ("I told the auditors what I had seen. On Monday my desk was moved to the basement.", "retaliation"),
        ("怕写了信以后日子不好过，所以请保密：科长让我周末去他家搬东西，没有加班费。", "staff-complaint"),
        ("我反映过三次宿舍漏水，没人管，床板都霉了。", "staff-complaint"),
    ],
)
def test_revenge_is_told_by_its_story(text: str, kind: str) -> None:
    """First somebody spoke, then came the harm; harm alone, fear of it, or having spoken in vain is a complaint."""
    assert say(text).type == kind


def test_the_same_mail_gets_the_same_verdict() -> None:
    """Nothing depends on the order of a set: another hash seed gives the same verdict."""
    code = (
        "import json;from tests.domain.triage_desk import corpus, judged;"
        "print(json.dumps([repr(judged(mail)) for mail in corpus()[:12]]))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, env={"PYTHONHASHSEED": seed, "PATH": ""}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
    assert json.loads(said.pop())


def _sender() -> Sender:
    from maild.adapters.voice import sender_of

    return sender_of(STAFF, index())


@pytest.mark.parametrize(
    "text", ["调岗申请已经交给人事了", "食堂的菜太咸了", "我明天请假一天", "周会讨论了排班", "证人名单发您了"]
)
def test_a_few_words_are_no_revenge_and_no_report(text: str) -> None:
    """What is merely like a protected letter, in a few words and without one that says so, is asked about."""
    assert not say(text, STAFF).confidential
