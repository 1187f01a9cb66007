//! What the audit log's actions are called in Chinese. The rooms write stable codes; their words are kept here in one place.

/// Code of the deed and its words, by room.
const DEEDS: &[(&str, &str)] = &[
    ("session.start", "登录"),
    ("session.end", "退出登录"),
    ("session.attempts_forgotten", "清理到期的登录尝试记录"),
    ("account.create", "新建账号"),
    ("account.change", "修改账号"),
    ("account.password", "修改密码"),
    ("token.create", "新建接口令牌"),
    ("token.revoke", "撤销接口令牌"),
    ("demonstration.load", "载入示例数据"),
    ("import.commit", "导入"),
    ("industries.load", "载入行业代码"),
    ("parcel.create", "新设宗地"),
    ("parcel.adjust", "变更宗地信息"),
    ("parcel.correct", "更正宗地信息"),
    ("parcel.retire", "注销宗地"),
    ("parcel.split", "分割宗地"),
    ("parcel.merge", "合并宗地"),
    ("parcel.move_boundary", "调整宗地界线"),
    ("enterprise.create", "登记企业"),
    ("enterprise.change", "变更企业信息"),
    ("enterprise.correct", "更正企业信息"),
    ("figure.confirm", "确认数据"),
    ("figure.correct", "更正数据"),
    ("leading_group.appoint", "登记领导小组任职"),
    ("leading_group.release", "登记领导小组离任"),
    ("leading_group.meeting", "登记领导小组会议"),
    ("leading_group.resolution", "登记领导小组决议"),
    ("leading_group.resolution_withdrawn", "撤回领导小组决议"),
    ("evaluation.compute", "核算综合评价"),
    ("evaluation.propose", "报请签发评价结果"),
    ("evaluation.sign", "签发评价结果"),
    ("evaluation.return", "退回评价结果"),
    ("evaluation.withdraw", "撤回评价核算"),
    ("evaluation.veto", "登记一票否决"),
    ("evaluation.veto_withdrawn", "撤销一票否决"),
    ("evaluation.exemption", "登记免评或保护期"),
    ("evaluation.exemption_withdrawn", "撤销免评或保护期"),
    ("evaluation.claim", "登记加减分"),
    ("evaluation.claim_withdrawn", "撤销加减分"),
    ("evaluation.coefficient", "登记修正系数"),
    ("evaluation.coefficient_withdrawn", "撤销修正系数"),
    ("evaluation.change_proposed", "提出调档"),
    ("evaluation.change_approved", "批准调档"),
    ("evaluation.change_rejected", "不予调档"),
    ("evaluation.change_withdrawn", "撤回调档"),
    ("evaluation.change_taken_back", "撤销调档"),
    ("measures.account", "登记户号"),
    ("measures.account_withdrawn", "终止或撤销户号登记"),
    ("evaluation.platform", "登记产业平台"),
    ("evaluation.platform_withdrawn", "终止或撤销产业平台登记"),
    ("evaluation.list", "登记评价名单"),
    ("evaluation.list_withdrawn", "终止或撤销评价名单登记"),
    ("evaluation.supersede", "评价结果被替代"),
    ("allocation.hand_over", "交办措施清单"),
    ("allocation.acknowledge", "登记清单签收"),
    ("allocation.list_withdrawn", "撤销措施清单"),
    ("allocation.report", "登记措施执行情况"),
    ("allocation.report_withdrawn", "撤销执行报告"),
    ("allocation.reconcile", "核对措施执行"),
    ("allocation.draw", "抽取审计样本"),
    ("allocation.look", "登记审计核查结果"),
    ("allocation.finding", "审计问题立案"),
    ("allocation.answer", "答复审计问题"),
    ("allocation.return", "退回审计答复"),
    ("allocation.rectified", "认可审计整改"),
    ("allocation.not_upheld", "认定审计问题不成立"),
    ("remediation.open", "列入整治"),
    ("remediation.open_list", "整批列入整治"),
    ("remediation.ground", "增列整治事由"),
    ("remediation.verify", "核实整治对象"),
    ("remediation.plan", "制定整治方案"),
    ("remediation.notify", "登记整治告知"),
    ("remediation.hear", "登记整治听取意见"),
    ("remediation.start", "组织实施整治"),
    ("remediation.task", "下达整治任务"),
    ("remediation.task_done", "办结整治任务"),
    ("remediation.evidence", "附整治佐证材料"),
    ("remediation.suspend", "中止整治"),
    ("remediation.resume", "恢复整治"),
    ("remediation.escalate", "督办整治"),
    ("remediation.ask_acceptance", "申请整治验收"),
    ("remediation.agree", "部门同意整治验收"),
    ("remediation.accept", "整治联合验收通过"),
    ("remediation.return", "退回整治"),
    ("remediation.strike_off", "整治销号"),
    ("remediation.look_back", "登记整治回访"),
    ("remediation.drop", "撤销整治列入"),
    ("enforcement.open", "组织联合执法"),
    ("enforcement.close", "结束联合执法"),
    ("enforcement.list", "列入联合执法名单"),
    ("enforcement.hand_over", "移交联合执法问题"),
    ("enforcement.conclude", "登记联合执法未发现问题"),
    ("enforcement.drop", "联合执法不再检查"),
    ("enforcement.finding", "移交联合执法问题"),
    ("enforcement.file", "联合执法问题立案"),
    ("enforcement.order", "联合执法责令改正"),
    ("enforcement.fine", "联合执法行政处罚"),
    ("enforcement.recheck", "联合执法复查未整改"),
    ("enforcement.rectified", "联合执法复查合格"),
    ("enforcement.not_upheld", "认定联合执法问题不成立"),
    ("enforcement.veto", "建议登记否决"),
    ("enforcement.veto_entered", "采纳否决建议"),
    ("enforcement.veto_refused", "不采纳否决建议"),
    ("survey.open", "开展工业用地摸底调查"),
    ("survey.close", "结束工业用地摸底调查"),
    ("survey.freeze", "列入摸底调查"),
    ("survey.visit", "登记摸底调查核实"),
    ("survey.propose", "提出台账与现场差异"),
    ("survey.take_over", "采纳台账与现场差异"),
    ("survey.refuse", "不采纳台账与现场差异"),
    ("survey.overtake", "台账与现场差异由再次核实取代"),
    ("remediation.sample", "抽取整治现场验收样本"),
    ("occupancy.begin", "登记用地"),
    ("occupancy.end", "终止用地"),
    ("occupancy.change_area", "变更用地面积"),
    ("occupancy.correct", "更正用地"),
    ("policy.submit", "提交政策文件"),
    ("policy.withdraw", "撤回政策文件"),
    ("policy.publish", "批准发布政策文件"),
    ("policy.reject", "退回政策文件"),
    ("contract.conclude", "登记合同"),
    ("contract.supplement", "登记补充协议"),
    ("contract.correct_terms", "更正合同内容"),
    ("contract.event", "登记事件"),
    ("contract.correct_event", "更正或撤回事件"),
    ("contract.issue_certificate", "颁发权证"),
    ("contract.correct_certificate", "更正权证"),
    ("contract.prepare_notices", "拟制通知"),
    ("contract.notice_sent", "发送通知"),
    ("contract.notice_delivered", "登记通知送达"),
    ("contract.notice_withdrawn", "撤回通知"),
    ("contract.open_breach", "立案清理违约"),
    ("contract.breach", "办理违约清理"),
    ("contract.open_review", "开始履约核查"),
    ("contract.review_figures", "登记核查数据"),
    ("contract.review_opinion", "提出核查意见"),
    ("contract.review_concluded", "作出复核结论"),
    ("review.panel", "确定核查部门"),
    ("inspection.assign", "下达检查"),
    ("inspection.start", "开始检查"),
    ("inspection.report", "报告检查结果"),
    ("inspection.revisit", "要求复查"),
    ("inspection.reassign", "改派检查"),
    ("inspection.close", "办结检查"),
    ("inspection.cancel", "取消检查"),
    ("inspection.adopt", "采用搁置的结果"),
    ("inspection.storage", "设定照片存储上限"),
    ("admission.create", "新建申请"),
    ("admission.edit", "修改申请"),
    ("admission.attach", "添加附件"),
    ("admission.detach", "移除附件"),
    ("admission.submit", "提交"),
    ("admission.accept", "受理"),
    ("admission.return", "退回补正"),
    ("admission.check", "重新核查"),
    ("admission.judge", "人工判断"),
    ("admission.beside", "记录并存理由"),
    ("admission.set_aside", "提出排除命中"),
    ("admission.set_aside_confirm", "确认排除命中"),
    ("admission.set_aside_reject", "不同意排除命中"),
    ("admission.consult", "征求部门意见"),
    ("admission.opinion", "部门意见"),
    ("admission.recommend", "提出审查建议"),
    ("admission.send_back", "退回承办人"),
    ("admission.decide", "作出决定"),
    ("admission.notify", "送达"),
    ("admission.withdraw", "撤回申请"),
    ("admission.consultation", "设定征求意见的部门"),
    ("admission.offer", "推出标准地"),
    ("admission.offer_end", "终止推出标准地"),
    ("admission.what_if", "试算指标变化"),
];

/// The Chinese words for an action of the audit log; none for a code that this version does not write.
pub fn words(action: &str) -> Option<&'static str> {
    DEEDS.iter().find(|(code, _)| *code == action).map(|(_, words)| *words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn a_deed_is_named_once() {
        let codes: BTreeSet<_> = DEEDS.iter().map(|(code, _)| code).collect();
        assert_eq!(codes.len(), DEEDS.len());
    }

    /// Deeds are written as literals where they are done, so the source itself says which there are.
    #[test]
    fn every_deed_in_the_source_has_words() {
        let mut written = BTreeSet::new();
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut written);
        assert!(written.len() > 30, "{written:?}");
        let nameless: Vec<_> = written.iter().filter(|action| words(action).is_none()).collect();
        assert!(nameless.is_empty(), "name these in DEEDS: {nameless:?}");
    }

    fn collect(directory: &Path, written: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, written);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                written.extend(text.lines().filter(|line| seals(line)).filter_map(deed_in));
            }
        }
    }

    fn seals(line: &str) -> bool {
        ["action: \"", "opening: \"", "seal(", "finish(", "makes(", "moves(", "stays(", "TAKEN: "]
            .iter()
            .any(|sign| line.contains(sign))
    }

    fn deed_in(line: &str) -> Option<String> {
        let is_deed =
            |text: &&str| text.contains('.') && text.chars().all(|c| c.is_ascii_lowercase() || "._".contains(c));
        line.split('"').skip(1).step_by(2).find(is_deed).map(str::to_owned)
    }
}
